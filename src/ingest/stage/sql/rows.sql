-- One log type's records of a batch as rows of its table.
with flat as (
  {{flat}}
)
select
  *,
  -- by way of TIMESTAMP: the day of a TIMESTAMPTZ is worked out with a calendar
  make_timestamp(epoch_us({{time}}))::date as lake_day,
  make_timestamptz({{now}}) as lake_ingested_at
from flat
where {{window}}
