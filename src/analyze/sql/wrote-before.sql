-- Tokens that a call for an item wrote on average in the last thousand answers of earlier analyses.
select avg(output_tokens) as tokens
from (
  select output_tokens from analysis_item
  where kind = 'map' and state = 'done' and output_tokens > 0
  order by lake_day desc
  limit 1000
)
