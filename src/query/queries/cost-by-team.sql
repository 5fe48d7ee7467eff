-- Cost by team, as callers name it
-- Cost by the value that callers sent under a key with their calls: it splits a bill, but proves nothing.
-- key: The key of `requestmetadata`, `team` by default.
select
  coalesce(log.requestmetadata ->> coalesce($key::varchar, 'team'), 'none named') as team,
  count(*) as invocations,
  count(distinct log.identity_arn) as identities,
  sum(log.input_tokens)::bigint as input_tokens,
  sum(log.output_tokens)::bigint as output_tokens,
  round(sum(call.cost_usd), 4) as cost_usd,
  count_if(call.counted and call.cost_usd is null) as unpriced
from bedrock_invocation as log
left join bedrock_call_cost as call
  on call.requestid = log.requestid and call.accountid = log.accountid and call.lake_day = log.lake_day
group by all
order by cost_usd desc nulls last, invocations desc
limit 1000
