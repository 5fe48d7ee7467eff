-- Findings on model calls by run: the calls of a run have the same key, and lie in its span.
with proof as (
  select
    id,
    title,
    matched,
    unnest(from_json(evidence, '[{"table":"VARCHAR","id":"VARCHAR"}]')) as call
  from finding
  where evidence_table = 'bedrock_invocation'
    and time >= $since::timestamptz - interval 1 day
    and time <= $until::timestamptz + interval 1 day
),
run as (
  select conversation, started, ended
  from conversation_summary_newest
  where started <= $until::timestamptz and ended >= $since::timestamptz
),
call as (
  select requestid, "timestamp" as time, coalesce(conversation_id, identity_arn, requestid) as thread
  from bedrock_invocation
  where "timestamp" >= $since::timestamptz - interval 1 day
    and "timestamp" <= $until::timestamptz + interval 1 day
    and (requestid in (select proof.call.id from proof) or requestid in (select conversation from run))
)
select distinct run.conversation, proof.id, proof.title, proof.matched, flagged.requestid
from run
join call as begun on begun.requestid = run.conversation
join call as flagged on flagged.thread = begun.thread and flagged.time >= run.started and flagged.time <= run.ended
join proof on proof.call.id = flagged.requestid
