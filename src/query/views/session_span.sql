-- Sessions of Session Manager from start to end
-- One row per StartSession of Systems Manager, refused ones too, with its end as far as it is known:
-- `session` and `session_api_call` build on it. Athena's and SageMaker's StartSession are excluded.
-- started: When the session was asked for.
-- sessionid: The session's id, as Session Manager gave it; null when it was refused.
-- terminated: When it was terminated; not every session is.
-- terminated_by: Who ended it.
-- resumed: How often it was taken up again.
-- output_from: When its first output was sent.
-- output_until: When its last output was sent.
-- output_lines: How many lines of output it has.
-- output_events: In how many pieces.
-- runasuser: The machine's user that it began as.
-- ended: When it was ended, else its last output; null when neither is known.
with start as (
  select *, responseelements ->> '$.sessionId' as sessionid
  from cloudtrail
  where eventsource = 'ssm.amazonaws.com' and eventname = 'StartSession'
),
later as (
  select
    f_sessionid,
    recipientaccountid,
    min(eventtime) filter (where eventname = 'TerminateSession') as terminated,
    arg_min(
      coalesce(useridentity_sessioncontext_sourceidentity, split_part(useridentity_arn, '/', -1)), eventtime
    ) filter (where eventname = 'TerminateSession') as terminated_by,
    count_if(eventname = 'ResumeSession') as resumed
  from cloudtrail
  where eventsource = 'ssm.amazonaws.com'
    and eventname in ('ResumeSession', 'TerminateSession')
    and errorcode is null
    and f_sessionid is not null
  group by f_sessionid, recipientaccountid
),
output as (
  select
    f_sessionid,
    min(eventtime) as output_from,
    max(eventtime) as output_until,
    sum(lines)::bigint as output_lines,
    count(*) as output_events,
    any_value(runasuser) as runasuser
  from session_log
  where f_sessionid is not null
  group by f_sessionid
)
select
  start.eventtime as started,
  start.eventid,
  start.f_sessionid,
  start.sessionid,
  later.terminated,
  later.terminated_by,
  coalesce(later.resumed, 0) as resumed,
  output.output_from,
  output.output_until,
  coalesce(output.output_lines, 0) as output_lines,
  coalesce(output.output_events, 0) as output_events,
  output.runasuser,
  coalesce(later.terminated, output.output_until) as ended,
  start.useridentity_accesskeyid,
  start.useridentity_sessioncontext_sourceidentity,
  start.recipientaccountid,
  start.lake_day
from start
left join later
  on later.f_sessionid = start.f_sessionid and later.recipientaccountid = start.recipientaccountid
left join output on output.f_sessionid = start.f_sessionid
