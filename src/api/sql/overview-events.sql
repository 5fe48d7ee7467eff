-- Calls per step of time, in the span and before it.
select
  time >= $from::timestamptz as within,
  epoch_us(time) // $step_us::bigint as bucket,
  sum(events)::bigint as events,
  coalesce(sum(events) filter (where errorcode is not null), 0)::bigint as errors
from activity_10min
where time >= $since::timestamptz and time < $until::timestamptz
group by all
