-- Spool files that hold columns: one for each leaf of the records' shape.
select {{fields}}
from read_parquet({{spool}}, hive_partitioning = false)
