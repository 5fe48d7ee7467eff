-- What each model call on Bedrock cost, by the price list
-- One row per call of `bedrock_call`, priced by the best line of `model_price`: one of the call's own
-- inference profile comes before one of any, one of its own Region before one of any, the newest before older
-- ones.
-- cost_usd: What the call cost, in US dollars; null where a price that it needs is missing.
-- counted: Whether the logs say how many tokens it took.
-- price_source: Where the price was found.
select
  call.*,
  (
    coalesce(call.input_tokens, 0) * price.input
    + coalesce(call.output_tokens, 0) * price.output
    + case when call.cache_read_tokens > 0 then call.cache_read_tokens * price.cache_read else 0 end
    + case
      when call.cache_write_tokens > coalesce(call.cache_write_1h_tokens, 0)
      then (call.cache_write_tokens - coalesce(call.cache_write_1h_tokens, 0)) * price.cache_write
      else 0
    end
    + case when call.cache_write_1h_tokens > 0 then call.cache_write_1h_tokens * price.cache_write_1h else 0 end
  ) / 1000000 as cost_usd,
  call.input_tokens is not null or call.output_tokens is not null as counted,
  price.source as price_source
from bedrock_call as call
left join model_price as price
  on price.model = call.model
  and (price.profile is null or starts_with(split_part(call.modelid, '/', -1), price.profile || '.'))
  and (price.region is null or price.region = call.region)
  and (price.valid_from is null or price.valid_from <= call.lake_day)
qualify row_number() over (
  partition by call.lake_day, call.accountid, call.requestid
  order by price.profile is null, price.region is null, price.valid_from desc nulls last
) = 1
