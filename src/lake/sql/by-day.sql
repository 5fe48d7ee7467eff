-- Rows of a table sorted by day, in a temporary file: each group of days finds its part by the bounds of the
-- row groups.
copy (
  select
    {{columns}}
  from ({{rows}})
  order by {{day}}
) to {{target}} (format parquet, compression snappy, row_group_size 20480, string_dictionary_page_size_limit 65536, write_bloom_filter false)
