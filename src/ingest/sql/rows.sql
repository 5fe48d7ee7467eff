-- One log type's records of a batch as rows of its table.
with record as (
  select record.* exclude (lake_object), object.uri as lake_object
  from read_json(
    {{spool}},
    format = 'array', columns = {{columns}}, maximum_object_size = {{largest}}
  ) as record
  join object on object.serial = record.lake_object
),
flat as (
  {{flatten}}
)
select
  *,
  -- by way of TIMESTAMP: the day of a TIMESTAMPTZ is worked out with a calendar
  make_timestamp(epoch_us({{time}}))::date as lake_day,
  make_timestamptz({{now}}) as lake_ingested_at
from flat
where {{window}}
