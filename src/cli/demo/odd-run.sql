with used as (
  select
    call,
    who,
    conversation,
    prompt,
    tool.name,
    tool.input,
    tool.result,
    count(distinct conversation) over (partition by identity_name, name) as runs
  from bedrock_tool_call as tool
  join conversation using (requestid)
)
select
  call,
  who,
  left(prompt, 36) as asked,
  name as tool,
  input::varchar as input,
  left(result::varchar, 36) as result
from used
qualify min(runs) over (partition by conversation) = 1
order by conversation, call
