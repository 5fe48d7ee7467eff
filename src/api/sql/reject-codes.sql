-- Rejected records by code.
select code, sum(coalesce(records, 1))::bigint as records
from reject
where code is not null
  and ($source::varchar is null or lake_object in (select lake_object from ledger where source = $source::varchar))
group by code
order by records desc
