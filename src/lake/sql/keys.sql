-- The keys of a table's rows as hashes of 64 bits in two words, with the row's time in microseconds. MD5
-- instead of DuckDB's own hash, because filters outlive a version of DuckDB. Rows without a key are never
-- duplicates.
select
  (hash & 4294967295)::uinteger as low,
  (hash >> 32)::uinteger as high,
  timestamp,
  file
from (
  select md5_number_lower({{key}}) as hash, {{timestamp}} as timestamp, {{file}} as file
  from read_parquet({{files}}, hive_partitioning = false)
  where {{present}}
)
