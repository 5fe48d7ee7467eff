-- The rows that each log type's table should have, by the ledger.
select logtype, sum(records_stored - coalesce(records_erased, 0))::double as stored
from (select null::bigint as records_erased where false union all by name select * from {{ledger}})
where logtype is not null
group by logtype
