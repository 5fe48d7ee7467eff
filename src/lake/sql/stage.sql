-- Rows of a table as Parquet, with what the writer of Iceberg's metadata needs to know about each file.
copy (
  select
    {{columns}}
  from ({{rows}})
  {{order}}
) to {{target}} (format parquet, {{options}})
