-- The times at which objects have rows without a key.
select distinct lake_object, {{time}} as timestamp
from read_parquet({{files}}, hive_partitioning = false)
where ({{keyless}}) and lake_object in (select unnest({{objects}}::varchar[]))
