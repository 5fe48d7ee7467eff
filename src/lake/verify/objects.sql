-- Every object with the hashes of all its versions that were read.
select lake_object, list(sha256) as hashes
from {{ledger}}
group by lake_object
order by lake_object
