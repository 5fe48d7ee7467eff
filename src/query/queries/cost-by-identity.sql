-- Cost by person and role
-- Who spent how much on models, over all days, and on which of them most: people of Identity Center one by one, other roles as a
-- whole.
select
  accountid,
  role,
  case when role is null or role like 'AWSReservedSSO%' then who end as person,
  sum(invocations)::bigint as invocations,
  sum(input_tokens)::bigint as input_tokens,
  sum(output_tokens)::bigint as output_tokens,
  round(sum(cost_usd), 4) as cost_usd,
  sum(unpriced)::bigint as unpriced,
  arg_max(model, cost_usd) as mostly_for
from model_usage
group by all
order by cost_usd desc nulls last, invocations desc
limit 1000
