with worst as (
  select title, unnest(from_json(evidence, '[{"table": "VARCHAR", "id": "VARCHAR", "time": "TIMESTAMPTZ"}]')) as proof
  from finding_open
  where severity = 'high' and evidence_table = 'cloudtrail'
  order by time
)
select
  worst.title as finding,
  call.eventtime as time,
  call.actor,
  split_part(call.eventsource, '.', 1) || ':' || call.eventname as call,
  call.errorcode as refused,
  call.sourceipaddress as "from"
from worst
join cloudtrail as call on call.eventid = worst.proof.id and call.eventtime = worst.proof.time
order by call.eventtime
limit 12
