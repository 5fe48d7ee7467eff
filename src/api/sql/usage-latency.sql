-- Number of answers that took up to 2^(step/2) milliseconds, by group.
with used as (
  {{rows}}
),
chosen as (
  select {{keys}}, latency_histogram, json_keys(latency_histogram) as steps
  from used
  where timed > 0 and {{where}}
),
stepped as (
  select *, unnest(steps) as step from chosen
)
select {{outer}}, step::integer as step, sum((latency_histogram ->> ('$."' || step || '"'))::bigint)::bigint as answers
from stepped
group by all
