-- Which of these dead letters the lake has.
select distinct id
from read_parquet({{files}}, hive_partitioning = false)
where id in (select unnest({{ids}}::varchar[]))
