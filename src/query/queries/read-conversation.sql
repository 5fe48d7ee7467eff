-- One conversation, call by call
-- What was asked and answered in a conversation with a model, by whom, with which tools and tokens.
-- conversation: Its name, as `agent-runs` has it, its `conversation_id`, or the request id of any call in it;
--   the one with most tools by default.
select
  call,
  time,
  who,
  model,
  prompt,
  completion,
  tools_called,
  tool_uses,
  tool_results,
  stop_reason,
  errorcode,
  input_tokens,
  output_tokens,
  cache_read_tokens,
  guardrail_action,
  conversation,
  requestid
from conversation
where conversation = coalesce(
  (
    select arg_max_null(conversation, started)
    from conversation
    where trim($conversation::varchar) in (requestid, conversation_id)
  ),
  trim($conversation::varchar),
  (
    select conversation
    from conversation
    group by all
    order by count(nullif(tools_called, '')) desc, count(*) desc, conversation
    limit 1
  )
)
order by call
limit 1000
