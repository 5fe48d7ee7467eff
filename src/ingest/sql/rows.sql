-- One log type's records of a batch as rows of its table.
with delivered as (
  {{records}}
),
record as (
  select delivered.* exclude (lake_object), object.uri as lake_object
  from delivered
  join object on object.serial = delivered.lake_object
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
