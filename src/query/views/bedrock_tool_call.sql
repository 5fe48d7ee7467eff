-- Tool calls of models on Bedrock
-- One row per call that a model asked for, in any dialect, once although conversations send their history
-- again, with its result from a later invocation.
-- request_time: When the model asked; where that invocation is not in the lake, when its history first showed
--   the call.
-- requestid: The invocation whose answer has the call, else the first whose history shows it: see `seen`.
-- tooluse_id: The dialect's own id of the call; null where it gives none, and not unique where models count
--   their calls.
-- name: The tool.
-- input: What the tool was given, as JSON; text that is no JSON broke off.
-- side: `client` when the caller ran the tool, `server` when the model's side did, as a web search.
-- status: `success` or `error`; `unknown` when there is a result whose dialect does not say; null when no
--   result was seen.
-- result: What the tool gave back, as JSON.
-- result_time: When the first invocation was made that brought the result.
-- result_requestid: The first invocation that brought the result.
-- seen: `output` when the answer that asked is in the lake, `input` when only a later history shows the call.
-- turn: The index of the message with the call in its conversation.
-- invocations: How many invocations hold the call, in the answer or the history.
with used as (
  select
    "timestamp" as request_time, requestid, accountid, region, modelid, model, identity_arn, identity_name,
    identity_session, conversation_id,
    unnest(from_json(tool_uses, '["json"]')) as entry
  from bedrock_invocation
  where tool_uses is not null
),
keyed as (
  select
    *,
    coalesce(entry ->> 'key', entry ->> 'id', requestid || '/' || md5(entry::varchar)) as call_key,
    entry ->> 'seen' as seen
  from used
),
call as (
  select *, count(*) over (partition by accountid, call_key) as invocations
  from keyed
  qualify row_number() over (
    partition by accountid, call_key
    order by (seen = 'output') desc, request_time, requestid
  ) = 1
),
brought as (
  select
    "timestamp" as result_time, requestid as result_requestid, accountid,
    unnest(from_json(tool_results, '["json"]')) as entry
  from bedrock_invocation
  where tool_results is not null
),
result as (
  select *, coalesce(entry ->> 'key', entry ->> 'id') as call_key
  from brought
  qualify row_number() over (
    partition by accountid, call_key
    order by result_time, result_requestid
  ) = 1
)
select
  call.request_time,
  call.requestid,
  call.accountid,
  call.region,
  call.modelid,
  call.model,
  call.identity_arn,
  call.identity_name,
  call.identity_session,
  call.conversation_id,
  (call.entry ->> 'turn')::bigint as turn,
  call.entry ->> 'id' as tooluse_id,
  call.entry ->> 'name' as name,
  call.entry -> 'input' as input,
  case when (call.entry ->> 'server') = 'true' then 'server' else 'client' end as side,
  case when result.call_key is not null then coalesce(result.entry ->> 'status', 'unknown') end as status,
  result.entry -> 'content' as result,
  result.result_time,
  result.result_requestid,
  call.seen,
  call.invocations
from call
left join result on result.call_key = call.call_key and result.accountid is not distinct from call.accountid
