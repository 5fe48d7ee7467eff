-- Tools that fail
-- Tools of agents by how often their calls failed, with what the last failure said: an agent that works
-- around a broken tool does things that were not planned.
select
  identity_name as agent,
  name as tool,
  count(*) as calls,
  count_if(status = 'error') as failed,
  count_if(status is null) as without_result,
  arg_max_null(left(result::varchar, 200), result_time) filter (where status = 'error') as last_failure,
  arg_max_null(result_requestid, result_time) filter (where status = 'error') as last_requestid
from bedrock_tool_call
group by all
having failed > 0 or without_result > 0
order by failed desc, without_result desc
limit 1000
