-- Model calls by group, per step of time and by everything that a price depends on. An endpoint's calls that
-- CloudTrail has too are counted once, in CloudTrail's rows; the rows of Data Capture have their tokens, and
-- count the calls that a day of CloudTrail lacks.
with chosen as (
  {{rows}}
),
told as (
  select
    endpoint,
    day,
    coalesce(sum(invocations) filter (where told_by = 'data capture'), 0)
      - coalesce(sum(invocations) filter (where told_by = 'cloudtrail' and errorcode is null), 0) as only_captured
  from chosen
  where service = 'sagemaker'
  group by endpoint, day
),
ordered as (
  select
    *,
    coalesce(
      sum(invocations) over (
        partition by service, told_by, endpoint, day
        order by time, model, region, accountid, errorcode
        rows between unbounded preceding and 1 preceding
      ),
      0
    ) as earlier
  from chosen
),
counted as (
  select
    ordered.* exclude (earlier) replace (
      case
        when ordered.told_by = 'data capture'
        then greatest(least(ordered.invocations, told.only_captured - ordered.earlier), 0)
        else ordered.invocations
      end as invocations
    )
  from ordered
  left join told on told.endpoint = ordered.endpoint and told.day = ordered.day
)
select
  {{keys}},
  epoch_us(time) // $step_us::bigint as bucket,
  service,
  model,
  modelid,
  region as in_region,
  day,
  sum(invocations)::bigint as invocations,
  coalesce(sum(invocations) filter (where errorcode is not null), 0)::bigint as failed,
  coalesce(sum(input_tokens), 0)::bigint as input_tokens,
  coalesce(sum(output_tokens), 0)::bigint as output_tokens,
  coalesce(sum(cache_read_tokens), 0)::bigint as cache_read_tokens,
  coalesce(sum(cache_write_tokens), 0)::bigint as cache_write_tokens,
  greatest(sum(invocations) - sum(counted), 0)::bigint as uncounted,
  coalesce(sum(invocations) filter (where before_teams), 0)::bigint as before_teams
from counted
where {{where}}
group by all
