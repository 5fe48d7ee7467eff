select
  time_bucket(interval 10 minutes, time) as time,
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
  count(*) as invocations,
  count(coalesce(input_tokens, output_tokens)) as counted,
  sum(input_tokens)::bigint as input_tokens,
  sum(output_tokens)::bigint as output_tokens,
  sum(cache_read_tokens)::bigint as cache_read_tokens,
  sum(cache_write_tokens)::bigint as cache_write_tokens,
  count(latency_ms) as timed,
  sum(latency_ms)::bigint as latency_ms,
  max(latency_ms)::bigint as latency_ms_max,
  -- The least n with which 2^(n/2) milliseconds were enough.
  to_json(histogram(list_min(list_filter(range(64), lambda n: latency_ms <= pow(2, n / 2)))::integer))::varchar
    as latency_histogram,
  time_bucket(interval 10 minutes, time)::date as lake_day,
  case when told_by in ('both', 'invocation log') then coalesce(named_team, '') end as named_team
from bedrock_call
group by all
union all
select
  time_bucket(interval 10 minutes, eventtime), 'sagemaker', 'cloudtrail', null, null,
  lower(coalesce(requestparameters ->> '$.endpointName', split_part(resources ->> '$[0].ARN', '/', -1))),
  recipientaccountid, awsregion,
  coalesce(
    useridentity_sessioncontext_sourceidentity, useridentity_username, split_part(useridentity_arn, '/', -1)
  ),
  coalesce(useridentity_sessioncontext_sessionissuer_username, useridentity_username),
  errorcode, count(*), 0, null, null, null, null, 0, null, null, null,
  time_bucket(interval 10 minutes, eventtime)::date, null
from cloudtrail
where eventsource = 'sagemaker.amazonaws.com'
  and eventname in ('InvokeEndpoint', 'InvokeEndpointWithResponseStream', 'InvokeEndpointAsync')
group by all
union all
select
  time_bucket(interval 10 minutes, eventmetadata_inferencetime), 'sagemaker', 'data capture', null, modelid,
  lower(endpointname), null, null, null, null, errorcode, count(*), count(coalesce(input_tokens, output_tokens)),
  sum(input_tokens)::bigint, sum(output_tokens)::bigint, sum(cache_read_tokens)::bigint, null, 0, null, null, null,
  time_bucket(interval 10 minutes, eventmetadata_inferencetime)::date, null
from sagemaker_invocation
where kind = 'endpoint'
group by all
