-- Records that could not be read, and why
-- Records that are kept as rejects, by the reason, with the objects that they came in and the newest of them.
select
  code,
  count(*) as records,
  count(distinct lake_object) as objects,
  min(lake_day) as first_day,
  max(lake_day) as last_day,
  arg_max_null(reason, lake_ingested_at) as newest_reason,
  arg_max_null(lake_object, lake_ingested_at) as newest_object
from reject
group by code
order by records desc, code
limit 1000
