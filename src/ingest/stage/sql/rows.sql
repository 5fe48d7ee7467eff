-- A batch's records of one log type as rows of its table.
with flat as (
  {{flat}}
)
select
  *,
  -- Through TIMESTAMP, because the day of a TIMESTAMPTZ is computed with a time zone's calendar.
  make_timestamp(epoch_us({{time}}))::date as lake_day,
  make_timestamptz({{now}}) as lake_ingested_at
from flat
where {{window}}
