-- Rows of a table as Parquet, with the facts about each file that Iceberg's metadata needs.
copy (
  select
    {{columns}}
  from ({{rows}})
  {{order}}
) to {{target}} (format parquet, {{options}})
