-- Tokens by model and identity
-- Calls, input and output tokens, and failed calls, by caller and model.
select
  model,
  identity_arn,
  count(*) as calls,
  count(errorcode) as failed,
  sum(input_tokens) as input_tokens,
  sum(cache_read_tokens) as cache_read_tokens,
  sum(cache_write_tokens) as cache_write_tokens,
  sum(output_tokens) as output_tokens,
  min("timestamp") as first_time,
  max("timestamp") as last_time
from bedrock_invocation
group by model, identity_arn
order by calls desc, model, identity_arn
limit 1000
