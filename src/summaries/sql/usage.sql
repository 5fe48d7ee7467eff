-- Model calls of these ten-minute windows, computed again from all their rows in the lake.
with call as (
  select
    time,
    'bedrock' as service,
    told_by,
    modelid,
    model,
    null::varchar as endpoint,
    accountid,
    region,
    who,
    role,
    errorcode,
    input_tokens,
    output_tokens,
    cache_read_tokens,
    cache_write_tokens,
    latency_ms,
    case when told_by <> 'cloudtrail' then coalesce(named_team, '') end as named_team
  from bedrock_call
  union all by name
  select
    eventtime as time,
    'sagemaker' as service,
    'cloudtrail' as told_by,
    -- Names of old endpoints are in lower case in their ARNs.
    lower(
      coalesce(requestparameters ->> '$.endpointName', split_part(resources ->> '$[0].ARN', '/', -1))
    ) as endpoint,
    recipientaccountid as accountid,
    awsregion as region,
    coalesce(
      useridentity_sessioncontext_sourceidentity,
      useridentity_username,
      split_part(useridentity_arn, '/', -1)
    ) as who,
    coalesce(useridentity_sessioncontext_sessionissuer_username, useridentity_username) as role,
    errorcode
  from cloudtrail
  where eventsource = 'sagemaker.amazonaws.com'
    and eventname in ('InvokeEndpoint', 'InvokeEndpointWithResponseStream', 'InvokeEndpointAsync')
  union all by name
  select
    eventmetadata_inferencetime as time,
    'sagemaker' as service,
    'data capture' as told_by,
    modelid as model,
    lower(endpointname) as endpoint,
    errorcode,
    input_tokens,
    output_tokens,
    cache_read_tokens
  from sagemaker_invocation
  where kind = 'endpoint'
),
step as (
  select
    * replace (make_timestamptz(epoch_us(time) // 600000000 * 600000000) as time),
    case when latency_ms is not null then greatest(0, ceil(2 * log2(greatest(latency_ms, 1))))::integer end as latency_step
  from call
),
made as (
  select
    time, service, told_by, modelid, model, endpoint, accountid, region, who, role, errorcode, named_team,
    count(*) as invocations,
    count_if(input_tokens is not null or output_tokens is not null) as counted,
    sum(input_tokens)::bigint as input_tokens,
    sum(output_tokens)::bigint as output_tokens,
    sum(cache_read_tokens)::bigint as cache_read_tokens,
    sum(cache_write_tokens)::bigint as cache_write_tokens,
    count(latency_ms) as timed,
    sum(latency_ms)::bigint as latency_ms,
    max(latency_ms)::bigint as latency_ms_max,
    to_json(histogram(latency_step))::varchar as latency_histogram,
    false as gone
  from step
  where time in (select time from touched_window)
  group by time, service, told_by, modelid, model, endpoint, accountid, region, who, role, errorcode, named_team
),
-- Windows that have no rows left after a call moved to another window.
hidden as (
  select time, true as gone from touched_window where time not in (select time from made)
)
select *, {{version}}::bigint as version, time::date as lake_day, now() as lake_ingested_at from made
union all by name
select *, {{version}}::bigint as version, time::date as lake_day, now() as lake_ingested_at from hidden
