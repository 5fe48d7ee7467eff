-- Rows of each object, and the times of its first and its last.
select lake_object, count(*)::double as stored, min({{time}})::varchar as first_time, max({{time}})::varchar as last_time
from read_parquet({{files}}, hive_partitioning = false)
group by lake_object
