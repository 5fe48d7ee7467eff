-- How many rows the ledger says that each log type's table has.
select logtype, sum(records_stored)::double as stored
from {{ledger}}
where logtype is not null
group by logtype
