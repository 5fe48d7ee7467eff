select
  regexp_replace(identity_name, 'AWSReservedSSO_(.*)_[0-9a-f]+', '\1') as agent,
  name as tool,
  count(*) as calls,
  count(distinct identity_session) as sessions,
  count_if(status = 'error') as failed
from bedrock_tool_call
group by agent, tool
order by calls desc, agent, tool
