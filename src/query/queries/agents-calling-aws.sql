-- What agents did in AWS while they ran
-- API calls of the same identity from the first to the last call of a run, model calls apart: what its tools
-- touched.
select
  run.started,
  run.who,
  run.role,
  calls.eventtime,
  split_part(calls.eventsource, '.', 1) || ':' || calls.eventname as action,
  coalesce(calls.resources ->> '$[0].ARN', calls.requestparameters) as what,
  calls.errorcode,
  run.conversation,
  calls.eventid
from (
  select
    conversation,
    started,
    max(time) as ended,
    any_value(identity_arn) as identity_arn,
    any_value(who) as who,
    any_value(role) as role
  from conversation
  group by conversation, started
) as run
join cloudtrail as calls
  on calls.useridentity_arn = run.identity_arn
  and calls.eventtime between run.started and run.ended + interval 1 minute
where not (
  calls.eventsource = 'bedrock.amazonaws.com'
  and (calls.eventname like 'InvokeModel%' or calls.eventname like 'Converse%')
)
order by run.started desc, calls.eventtime
limit 1000
