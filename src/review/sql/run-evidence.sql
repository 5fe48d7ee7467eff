-- The model calls of a run, each as JSON.
with run as (
  select * from conversation_summary_newest where conversation = $id::varchar
),
first as (
  select bedrock_invocation.conversation_id, bedrock_invocation.identity_arn
  from bedrock_invocation, run
  where bedrock_invocation.requestid = run.conversation and bedrock_invocation."timestamp" = run.started
  limit 1
),
call as (
  select bedrock_invocation.* exclude (lake_ingested_at)
  from bedrock_invocation, run, first
  where bedrock_invocation."timestamp" >= run.started
    and bedrock_invocation."timestamp" <= run.ended
    and bedrock_invocation.conversation_id is not distinct from first.conversation_id
    and bedrock_invocation.identity_arn is not distinct from first.identity_arn
)
select 'bedrock_invocation' as "table", requestid as id, lake_object as object, to_json(call)::varchar as json
from call
order by id, json
