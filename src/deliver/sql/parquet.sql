copy (
  select *
  from read_json({{from}}, format = 'newline_delimited', maximum_object_size = 67108864, sample_size = -1)
) to {{to}} (format parquet, compression zstd)
