-- The dead letters among these that the lake has.
select distinct id
from read_parquet({{files}}, hive_partitioning = false)
where id in (select unnest({{ids}}::varchar[]))
