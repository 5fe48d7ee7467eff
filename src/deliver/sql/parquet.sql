copy (
  select unnest(record)
  from (
    select from_json_strict(json, {{structure}}) as record
    from read_json_objects({{from}}, format = 'newline_delimited', maximum_object_size = 67108864)
  )
) to {{to}} (format parquet, compression zstd)
