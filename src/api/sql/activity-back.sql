-- How far back a page of rows reaches: the start of the first span, counted in ten minutes, that fills it.
with counted as (
  select time, sum(events) as events
  from activity_10min
  where time >= $since::timestamptz and time < $until::timestamptz and {{where}}
  group by time
),
running as (
  select time, sum(events) over (order by time desc) as so_far from counted
)
select
  epoch_ms(max(time) filter (where so_far >= $max::bigint)) as full_ms,
  epoch_ms(max(time)) as newest_ms,
  epoch_ms(min(time)) as oldest_ms
from running
