-- The rows of a question to loglake, each as JSON: the run and its steps. No table is named as one of its columns: `to_json(run)`
-- of a table `run` with a column `run` would be the column's.
with whole_run as (
  select * exclude (lake_ingested_at) from agent_run where run = $id::varchar
),
whole_step as (
  -- `asked` came later: rows of a decision that was made before it stay what they were.
  select columns(name -> name not in ('lake_ingested_at', 'asked')) from agent_step where run = $id::varchar
)
select "table", id, null::varchar as object, json
from (
  select 'agent_run' as "table", run as id, to_json(whole_run)::varchar as json from whole_run
  union all
  select 'agent_step', run || '/' || lpad(seq::varchar, 6, '0'), to_json(whole_step)::varchar from whole_step
)
order by "table", id, json
