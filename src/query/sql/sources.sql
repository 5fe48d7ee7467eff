-- The sources that the lake's objects came from.
select distinct source
from ledger
where source is not null
order by source
