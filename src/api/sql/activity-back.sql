-- How far back a page of rows reaches, by the counts of ten minutes: the beginning of the window in which it is full.
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
  epoch_ms(max(time) filter (where so_far >= $most::bigint)) as full_ms,
  epoch_ms(max(time)) as newest_ms,
  epoch_ms(min(time)) as oldest_ms
from running
