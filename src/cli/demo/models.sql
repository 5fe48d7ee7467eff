select
  coalesce(endpoint, model) as model_or_endpoint,
  case when role like 'AWSReservedSSO%' then who else role end as used_by,
  sum(invocations)::bigint as calls,
  sum(failed)::bigint as failed,
  sum(input_tokens + coalesce(cache_read_tokens, 0))::bigint as tokens_in,
  sum(output_tokens)::bigint as tokens_out,
  round(sum(cost_usd), 2) as cost_usd
from model_usage
group by all
order by cost_usd desc nulls last, calls desc, model_or_endpoint, used_by
