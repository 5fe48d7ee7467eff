-- What a bill is made of, by day
-- Tokens by kind, images and seconds of video for each day, account, Region and model: multiplied by their
-- prices they are the bill.
select
  lake_day,
  accountid,
  region,
  model,
  count(*) as calls,
  sum(input_tokens) as input_tokens,
  sum(output_tokens) as output_tokens,
  sum(cache_read_tokens) as cache_read_tokens,
  sum(cache_write_tokens) as cache_write_tokens,
  round(sum(cache_read_tokens) / nullif(sum(input_tokens + cache_read_tokens + cache_write_tokens), 0), 3) as cache_share,
  sum(output_outputimagecount) as images,
  sum(output_outputvideodurationseconds) as video_seconds,
  count(*) filter (where errorcode is null and input_tokens is null) as calls_without_count
from bedrock_invocation
group by lake_day, accountid, region, model
order by lake_day desc, input_tokens desc nulls last, model
limit 1000
