-- One way to store the rows: its order, its encodings, its compression.
copy (select * from read_parquet({{from}}) order by {{order}}) to {{to}} (format parquet, write_bloom_filter false, {{options}})
