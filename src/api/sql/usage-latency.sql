-- How many answers took up to 2^(step/2) milliseconds, by what is grouped by.
with chosen as (
  select {{keys}}, latency_histogram, json_keys(latency_histogram) as steps
  from model_usage_10min_newest
  where time >= $since::timestamptz and time < $until::timestamptz and timed > 0 and {{where}}
),
stepped as (
  select *, unnest(steps) as step from chosen
)
select {{outer}}, step::integer as step, sum((latency_histogram ->> ('$."' || step || '"'))::bigint)::bigint as answers
from stepped
group by all
