-- Calls whose bodies are not there
-- Calls whose prompts or answers were not logged, were lost, or are not text, by account, Region and model.
select
  accountid,
  region,
  model,
  input_body_state,
  output_body_state,
  count(*) as calls,
  count(errorcode) as failed,
  max("timestamp") as last_time,
  arg_max_null(requestid, "timestamp") as last_requestid
from bedrock_invocation
where input_body_state in ('missing', 'not logged', 'binary') or output_body_state in ('missing', 'not logged', 'binary')
group by accountid, region, model, input_body_state, output_body_state
order by calls desc, model
limit 1000
