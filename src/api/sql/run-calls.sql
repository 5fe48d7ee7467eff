-- One page of the calls of a run in order, each with the messages that are new in it.
with call as (
  select
    *,
    row_number() over in_order as call,
    lag("timestamp") over in_order as before,
    coalesce(lag(message_count) over in_order, 0) as known
  from bedrock_invocation
  where "timestamp" >= $since::timestamptz
    and "timestamp" <= $until::timestamptz
    and conversation_id is not distinct from $conversation_id::varchar
    and ($conversation_id::varchar is not null or (identity_arn is not distinct from $identity::varchar and prompt is null))
  window in_order as (order by "timestamp", message_count, requestid)
),
page as (
  select * from call where call > $after::bigint order by call limit $max::bigint
),
body as (
  select *, json_extract(input_inputbodyjson, '$.messages') as messages
  from page
)
select
  call,
  requestid,
  strftime("timestamp", '%Y-%m-%dT%H:%M:%S.%gZ') as time,
  date_diff('second', before, "timestamp") as pause_s,
  model,
  modelid,
  region,
  operation,
  errorcode,
  stop_reason,
  latency_ms,
  input_tokens,
  output_tokens,
  cache_read_tokens,
  cache_write_tokens,
  coalesce(guardrail_verdict, guardrail_action) as guardrail,
  identity_arn is not null as has_identity,
  known,
  system,
  to_json(list_transform(
    list_slice(from_json(messages, '["json"]'), known + 1, known + 20),
    lambda one: left(one::varchar, 2000000)
  )) as new_messages,
  case when json_type(messages) = 'ARRAY' then null else prompt end as prompt,
  left(coalesce(output_message, case when not starts_with(trim(output_outputbodyjson), '[') then output_outputbodyjson end), 500000) as answer,
  completion,
  case when input_body_state = 'not logged' then output_body_state else input_body_state end as body
from body
order by call
