select
  identity_name as agent,
  name as tool,
  count(*) as calls,
  count(distinct identity_session) as runs,
  count_if(status = 'error') as failed,
  max_by(input::varchar, request_time) as last_input,
  max_by(identity_session, request_time) as last_run
from bedrock_tool_call
group by agent, tool
order by calls, agent, tool
limit 10
