-- Cost by team, as callers name it
-- What callers wrote beside their calls under a key: their word, so that it splits a bill and proves nothing.
-- key: The key of `requestmetadata`, `team` by default.
select
  coalesce(log.requestmetadata ->> coalesce($key::varchar, 'team'), 'none named') as team,
  count(*) as invocations,
  count(distinct log.identity_arn) as identities,
  sum(log.input_tokens)::bigint as input_tokens,
  sum(log.output_tokens)::bigint as output_tokens,
  round(
    sum((log.input_tokens * price.input + log.output_tokens * price.output) / 1000000), 4
  ) as cost_usd_without_cache
from bedrock_invocation as log
left join model_price as price
  on price.model = log.model and price.profile is null and price.region is null and price.valid_from is null
group by all
order by cost_usd_without_cache desc nulls last, invocations desc
limit 1000
