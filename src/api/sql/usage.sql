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
captured as (
  select
    *,
    coalesce(
      sum(invocations) over (
        partition by service, endpoint, day
        order by time, model, region, accountid, errorcode
        rows between unbounded preceding and 1 preceding
      ),
      0
    ) as earlier
  from chosen
  where told_by = 'data capture'
),
counted as (
  select *, invocations as calls from chosen where told_by is distinct from 'data capture'
  union all
  select
    captured.* exclude (earlier),
    greatest(least(captured.invocations, told.only_captured - captured.earlier), 0) as calls
  from captured
  left join told on told.endpoint = captured.endpoint and told.day = captured.day
)
select
  {{keys}},
  epoch_us(time) // $step_us::bigint as bucket,
  service,
  model,
  modelid,
  region as in_region,
  day,
  sum(calls)::bigint as invocations,
  coalesce(sum(calls) filter (where errorcode is not null), 0)::bigint as failed,
  coalesce(sum(input_tokens), 0)::bigint as input_tokens,
  coalesce(sum(output_tokens), 0)::bigint as output_tokens,
  coalesce(sum(cache_read_tokens), 0)::bigint as cache_read_tokens,
  coalesce(sum(cache_write_tokens), 0)::bigint as cache_write_tokens,
  greatest(sum(calls) - sum(counted), 0)::bigint as uncounted,
  coalesce(sum(calls) filter (where before_teams), 0)::bigint as before_teams
from counted
where {{where}}
group by all
