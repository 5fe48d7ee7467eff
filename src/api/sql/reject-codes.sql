-- Rejected records by code.
select code, sum(coalesce(records, 1))::bigint as records
from reject
where code is not null
  and {{source}}
group by code
order by records desc
