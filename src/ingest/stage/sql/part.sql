-- Spool files of one format as rows of their log type's table, without the columns that the lake adds.
(
  with delivered as (
    {{records}}
  ),
  record as (
    select delivered.* exclude (lake_object), object.uri as lake_object
    from delivered
    join object on object.serial = delivered.lake_object
  ),
  made as (
    {{flatten}}
  )
  select * from made
)
