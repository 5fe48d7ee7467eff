-- Tool calls that are rare for their agent
-- Calls of tools that make up less than one in a hundred of an agent's calls: steps that its other runs do
-- not take.
-- percent: Less than this many per cent of the agent's calls, 1 by default.
select
  request_time,
  identity_name as agent,
  identity_session,
  name as tool,
  input::varchar as input,
  status,
  left(result::varchar, 100) as result,
  round(100 * share, 2) as percent,
  requestid
from (
  select
    *,
    count(*) over (partition by identity_name, name) / count(*) over (partition by identity_name) as share
  from bedrock_tool_call
)
where share < coalesce($percent::double, 1) / 100
order by request_time desc
limit 1000
