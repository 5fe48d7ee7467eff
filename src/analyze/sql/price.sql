-- The line of the price list that fits a model best, as the view `bedrock_call_cost` chooses it.
select input, output, source, read_on::varchar as read_on
from model_price
where model in ({{models}})
  and (profile is null or starts_with({{called}}, profile || '.'))
  and (region is null or region = {{region}})
  and (valid_from is null or valid_from <= current_date)
order by profile is null, region is null, valid_from desc nulls last
limit 1
