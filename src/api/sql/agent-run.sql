-- One question that loglake's agent answered.
select
  run as id,
  strftime(time, '%Y-%m-%dT%H:%M:%S.%gZ') as time,
  asked_by,
  role,
  question,
  mode,
  model,
  ended,
  turns,
  statements,
  refused,
  input_tokens,
  output_tokens,
  usd as cost_usd,
  seconds,
  claims,
  struck_out,
  answer,
  lake_version
from agent_run
where run = $id::varchar
limit 1
