-- Who used which model and endpoint, how much, and at what cost
-- One row per day, model or endpoint, and identity. Bedrock's calls are priced by `model_price`; an endpoint
-- of SageMaker is paid by the hour, so that its calls have no cost of their own. Tokens of an endpoint are
-- those that Data Capture has: they belong to an identity where CloudTrail shows only one that called it that
-- day, and stand in a row without identity otherwise.
-- day: UTC date.
-- service: `bedrock` or `sagemaker`.
-- model: The model; of an endpoint the one that its payload names.
-- endpoint: The endpoint of SageMaker, in small letters; null on Bedrock.
-- who: Who called: the source identity or session name of a role, the name of a user.
-- role: The role or user behind the calls.
-- invocations: Calls, failed ones among them; in a row without identity those that CloudTrail does not have.
-- failed: Calls that failed.
-- input_tokens: Tokens read that were not in the prompt cache.
-- output_tokens: Tokens written.
-- cache_read_tokens: Tokens read from the prompt cache.
-- cache_write_tokens: Tokens written to the prompt cache.
-- cache_write_1h_tokens: Those of them that were written for an hour, which cost more.
-- latency_ms_p50: Median latency of the answers in milliseconds, where the log has it.
-- latency_ms_p99: What 99 of 100 answers did not exceed.
-- cost_usd: What the calls cost by `model_price`, in US dollars; null when one of them has no price.
-- unpriced: Calls that have tokens and no price.
with endpoint_calls as (
  select
    lake_day as day,
    -- Names of old endpoints are in small letters in their ARNs.
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
    count(*) as invocations,
    count(errorcode) as failed
  from cloudtrail
  where eventsource = 'sagemaker.amazonaws.com'
    and eventname in ('InvokeEndpoint', 'InvokeEndpointWithResponseStream', 'InvokeEndpointAsync')
  group by all
),
called as (
  select day, endpoint, sum(invocations - failed) as answered, count(*) as identities
  from endpoint_calls
  group by all
),
captured as (
  select
    lake_day as day,
    lower(endpointname) as endpoint,
    max(modelid) as model,
    count(*) as captures,
    sum(input_tokens) as input_tokens,
    sum(output_tokens) as output_tokens
  from sagemaker_invocation
  where kind = 'endpoint'
  group by all
)
select
  lake_day as day,
  'bedrock' as service,
  model,
  null::varchar as endpoint,
  accountid,
  region,
  who,
  role,
  count(*) as invocations,
  count(errorcode) as failed,
  sum(input_tokens)::bigint as input_tokens,
  sum(output_tokens)::bigint as output_tokens,
  sum(cache_read_tokens)::bigint as cache_read_tokens,
  sum(cache_write_tokens)::bigint as cache_write_tokens,
  sum(cache_write_1h_tokens)::bigint as cache_write_1h_tokens,
  quantile_cont(latency_ms, 0.5)::bigint as latency_ms_p50,
  quantile_cont(latency_ms, 0.99)::bigint as latency_ms_p99,
  case
    when count_if(call.counted and call.cost_usd is null) = 0 then round(sum(call.cost_usd) filter (where call.counted), 6)
  end as cost_usd,
  count_if(call.counted and call.cost_usd is null) as unpriced
from bedrock_call_cost as call
group by all
union all by name
select
  day,
  'sagemaker' as service,
  model,
  endpoint,
  accountid,
  region,
  who,
  role,
  invocations,
  failed,
  input_tokens::bigint as input_tokens,
  output_tokens::bigint as output_tokens
from endpoint_calls
left join called using (day, endpoint)
left join (select *, 1 as identities from captured) as captured using (day, endpoint, identities)
union all by name
select
  day,
  'sagemaker' as service,
  model,
  endpoint,
  greatest(captures - coalesce(answered, 0), 0)::bigint as invocations,
  0 as failed,
  input_tokens::bigint as input_tokens,
  output_tokens::bigint as output_tokens
from captured
left join called using (day, endpoint)
where identities is distinct from 1
