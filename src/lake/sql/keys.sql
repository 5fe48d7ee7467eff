-- The keys of a table's rows as hashes of 64 bits in two words, with the row's time in microseconds. MD5 and not
-- DuckDB's own hash, since filters outlive the DuckDB that wrote them. Rows without a key repeat nothing.
select
  (hash & 4294967295)::uinteger as low,
  (hash >> 32)::uinteger as high,
  moment,
  file
from (
  select md5_number_lower({{key}}) as hash, {{moment}} as moment, {{file}} as file
  from read_parquet({{files}}, hive_partitioning = false)
  where {{present}}
)
