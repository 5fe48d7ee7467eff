-- The cost of each principal's model calls by hour in the new rows, by the best matching price: partial sums
-- for `baseline_spending`.
create or replace temp table baselines_spending as
with call as (
  select
    coalesce(accountid, '') as account,
    regexp_replace(identity_arn, '^(.*:assumed-role/[^/]+)/.*$', '\1') as who,
    make_timestamptz(epoch_us("timestamp") // 3600000000 * 3600000000) as hour,
    requestid, region, lake_day, model, split_part(modelid, '/', -1) as called,
    coalesce(input_tokens, 0) as input_tokens, coalesce(output_tokens, 0) as output_tokens,
    coalesce(cache_read_tokens, 0) as cache_read_tokens, coalesce(cache_write_tokens, 0) as cache_write_tokens
  from {{rows}}
  where identity_arn is not null and "timestamp" is not null
),
priced as (
  select
    call.account, call.who, call.hour,
    (
      input_tokens * price.input + output_tokens * price.output
      + cache_read_tokens * coalesce(price.cache_read, 0) + cache_write_tokens * coalesce(price.cache_write, price.input)
    ) / 1000000 as cost_usd
  from call
  join ({{prices}}) as price
    on price.model = call.model
    and (price.profile is null or starts_with(call.called, price.profile || '.'))
    and (price.region is null or price.region = call.region)
    and (price.valid_from is null or price.valid_from <= call.lake_day)
  qualify row_number() over (
    partition by call.lake_day, call.account, call.requestid
    order by price.profile is null, price.region is null, price.valid_from desc nulls last
  ) = 1
)
select account, who, hour, sum(cost_usd) as cost_usd
from priced
where cost_usd > 0
group by all
