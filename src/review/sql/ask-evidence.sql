-- What a question to loglake is made of, each row as JSON: the run and its steps.
with run as (
  select * exclude (lake_ingested_at) from agent_run where run = $id::varchar
),
step as (
  select * exclude (lake_ingested_at) from agent_step where run = $id::varchar
)
select "table", id, null::varchar as object, json
from (
  select 'agent_run' as "table", run as id, to_json(run)::varchar as json from run
  union all
  select 'agent_step', run || '/' || lpad(seq::varchar, 6, '0'), to_json(step)::varchar from step
)
order by "table", id, json
