-- Cost by model and day
-- What each model cost on Bedrock by the price list, with its tokens; no cost where a price is missing.
select
  day,
  model,
  sum(invocations)::bigint as invocations,
  sum(input_tokens)::bigint as input_tokens,
  sum(output_tokens)::bigint as output_tokens,
  sum(cache_read_tokens)::bigint as cache_read_tokens,
  case when sum(unpriced) = 0 then round(sum(cost_usd), 4) end as cost_usd
from model_usage
where service = 'bedrock'
group by all
order by day desc, cost_usd desc nulls last, invocations desc
limit 1000
