-- The rows of a lake without their order, so that each order has the same work.
copy (
  select * from read_parquet({{from}}, hive_partitioning = false) order by hash(eventid)
) to {{to}} (format parquet, compression zstd)
