-- Tools that agents asked for
-- Tools that models called for each identity, how many times, and with which input the last time.
select
  identity_arn,
  model,
  use ->> 'name' as tool,
  count(*) as calls,
  count(distinct conversation_id) as conversations,
  min("timestamp") as first_time,
  max("timestamp") as last_time,
  arg_max_null(json_extract(use, '$.input'), "timestamp") as last_input,
  arg_max_null(requestid, "timestamp") as last_requestid
from (
  select *, unnest(from_json(tool_uses, '["json"]')) as use
  from bedrock_invocation
  where tool_uses is not null
)
where use ->> 'seen' = 'output'
group by identity_arn, model, tool
order by calls desc, tool, identity_arn
limit 1000
