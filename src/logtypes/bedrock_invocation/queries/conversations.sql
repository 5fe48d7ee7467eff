-- Longest conversations
-- Calls that began with the same message of the same identity: their number, duration, tokens and first
-- message.
select
  conversation_id,
  identity_arn,
  any_value(model) as model,
  count(*) as calls,
  max(message_count) as messages,
  min("timestamp") as first_time,
  max("timestamp") as last_time,
  sum(input_tokens + coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0)) as tokens_read,
  sum(output_tokens) as tokens_written,
  left(arg_min_null(prompt, message_count), 200) as began_with
from bedrock_invocation
where conversation_id is not null
group by conversation_id, identity_arn
order by messages desc, calls desc, conversation_id
limit 1000
