-- Whether the ledger has an object.
select count(*) as found
from ledger
where lake_object = $object
