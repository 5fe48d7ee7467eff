-- What a call for an item wrote on average in the last thousand answers of earlier analyses, and its share of what the calls that put
-- findings together read and wrote there.
with last as (
  select kind, output_tokens, input_tokens
  from analysis_item
  where state = 'done' and output_tokens > 0
  order by lake_day desc
  limit 1000
)
select
  avg(output_tokens) filter (where kind = 'map') as wrote,
  sum(input_tokens) filter (where kind = 'reduce') / nullif(count(*) filter (where kind = 'map'), 0) as merge_read,
  sum(output_tokens) filter (where kind = 'reduce') / nullif(count(*) filter (where kind = 'map'), 0) as merge_wrote
from last
