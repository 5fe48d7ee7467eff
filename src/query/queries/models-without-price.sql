-- Models without a price
-- Models whose tokens cannot be priced: add them to the list that `prices` names in loglake.yaml.
select
  model,
  sum(unpriced)::bigint as unpriced_calls,
  sum(input_tokens)::bigint as input_tokens,
  sum(output_tokens)::bigint as output_tokens,
  max(day) as last_day
from model_usage
where unpriced > 0
group by all
order by unpriced_calls desc
limit 1000
