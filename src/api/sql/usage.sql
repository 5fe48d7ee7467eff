-- Model calls by what they are grouped by, steps of time, and all that a price depends on. An endpoint's calls that CloudTrail has
-- too are counted once, at CloudTrail's rows; Data Capture's have their tokens.
with chosen as (
  select *, time::date as day
  from model_usage_10min_newest
  where time >= $since::timestamptz and time < $until::timestamptz
),
told as (
  select
    endpoint,
    day,
    coalesce(sum(invocations) filter (where told_by = 'cloudtrail' and errorcode is null), 0) as trail,
    coalesce(sum(invocations) filter (where told_by = 'data capture'), 0) as capture
  from chosen
  where service = 'sagemaker'
  group by endpoint, day
),
counted as (
  select
    chosen.* replace (
      case when chosen.told_by = 'data capture' and told.trail >= told.capture then 0 else chosen.invocations end as invocations
    )
  from chosen
  left join told on told.endpoint = chosen.endpoint and told.day = chosen.day
)
select
  {{keys}},
  epoch_us(time) // $step_us::bigint as bucket,
  service,
  model,
  modelid,
  region as in_region,
  day::varchar as day,
  sum(invocations)::bigint as invocations,
  coalesce(sum(invocations) filter (where errorcode is not null), 0)::bigint as failed,
  coalesce(sum(input_tokens), 0)::bigint as input_tokens,
  coalesce(sum(output_tokens), 0)::bigint as output_tokens,
  coalesce(sum(cache_read_tokens), 0)::bigint as cache_read_tokens,
  coalesce(sum(cache_write_tokens), 0)::bigint as cache_write_tokens,
  greatest(sum(invocations) - sum(counted), 0)::bigint as uncounted
from counted
where {{where}}
group by all
