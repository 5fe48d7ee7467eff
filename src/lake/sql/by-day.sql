-- Rows of a table in the order of their days, in a file that is read once and not kept: each group of days finds its
-- stretch by the bounds of the row groups.
copy (
  select
    {{columns}}
  from ({{rows}})
  order by {{day}}
) to {{target}} (format parquet, compression snappy, row_group_size 20480, string_dictionary_page_size_limit 65536, write_bloom_filter false)
