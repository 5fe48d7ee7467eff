-- Calls per step of time.
select
  epoch_us(time) // $step_us::bigint as bucket,
  sum(events)::bigint as events,
  coalesce(sum(events) filter (where errorcode is not null), 0)::bigint as errors
from {{rows}}
where time >= $since::timestamptz and time < $until::timestamptz and {{where}}
group by bucket
order by bucket
