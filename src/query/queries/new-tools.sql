-- Tools that an agent had never used before
-- The first call of each tool by each agent, with its input and what the agent had been asked.
-- since: Only tools that came on this day or later, as in 2026-01-07; all by default.
select
  min(used.request_time) as first_time,
  used.identity_name as agent,
  used.name as tool,
  arg_min_null(used.input::varchar, used.request_time) as first_input,
  arg_min_null(left(log.prompt, 100), used.request_time) as asked,
  count(*) as calls,
  count(distinct used.identity_session) as sessions,
  arg_min_null(used.requestid, used.request_time) as first_requestid
from bedrock_tool_call as used
left join bedrock_invocation as log on log.requestid = used.requestid
group by agent, tool
having min(used.request_time) >= coalesce($since::date, date '1970-01-01')
order by first_time desc
limit 1000
