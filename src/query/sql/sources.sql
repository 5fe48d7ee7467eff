-- The sources that something in the lake came from.
select distinct source
from ledger
where source is not null
order by source
