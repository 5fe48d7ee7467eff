-- Runs of agents, call by call
-- One row per model call of a conversation, in order. A conversation is what one identity said to a model:
-- calls that send the same first message again, until their history gets shorter or a pause of 30 minutes;
-- calls whose bodies were not logged belong together while their identity pauses for less than 5 minutes.
-- Embeddings are no conversation.
-- conversation: The run: the request id of its first call, which no later call changes.
-- conversation_id: The id that the invocation log's rows have: all runs of one identity that began with the
--   same message share it.
-- call: The call's place in the run, from 1.
-- started: When the run began.
-- pause: Seconds since the call before.
-- tools_called: The names of the tools that this call's answer asked for, with commas.
with calls as (
  select
    *,
    coalesce(conversation_id, identity_arn, requestid) as thread,
    conversation_id is not null as known,
    list_filter(from_json(tool_uses, '["json"]'), lambda used: used ->> 'seen' = 'output') as asked_tools
  from bedrock_call
  where conversation_id is not null or (told_by <> 'cloudtrail' and prompt is null and message_count is null)
),
stepped as (
  select
    *,
    lag(time) over per_thread as time_before,
    message_count < lag(message_count) over per_thread as shorter
  from calls
  window per_thread as (partition by thread order by time, message_count, requestid)
),
numbered as (
  select
    *,
    date_diff('second', time_before, time) as pause,
    count_if(
      time_before is null
      or shorter
      or date_diff('second', time_before, time) > case when known then 1800 else 300 end
    ) over (partition by thread order by time, message_count, requestid) as run
  from stepped
)
select
  first_value(requestid) over per_run as conversation,
  conversation_id,
  row_number() over per_run as call,
  min(time) over (partition by thread, run) as started,
  time,
  case when row_number() over per_run > 1 then pause end as pause,
  who,
  identity_arn,
  identity_from,
  role,
  accountid,
  region,
  operation,
  model,
  prompt,
  completion,
  array_to_string(list_transform(asked_tools, lambda used: used ->> 'name'), ', ') as tools_called,
  stop_reason,
  errorcode,
  message_count,
  input_tokens,
  cache_read_tokens,
  cache_write_tokens,
  cache_write_1h_tokens,
  output_tokens,
  latency_ms,
  guardrail_action,
  tool_uses,
  tool_results,
  sourceipaddress,
  requestid,
  eventid,
  lake_day
from numbered
window per_run as (partition by thread, run order by time, message_count, requestid)
