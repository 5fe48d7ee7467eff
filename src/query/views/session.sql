-- Sessions of Session Manager: who did what, where, when and how long
-- One row per session: every StartSession of Systems Manager, refused ones and silent ones too, and output
-- whose StartSession is in no log. `session_log` has what was shown, by `f_sessionid`; `session_api_call` has
-- the calls, by `session_eventid`.
-- started: When the session was asked for; null when no log tells.
-- ended: When it was ended, else when its last output was sent; null when neither is known.
-- minutes: From its start, else its first output, to its end.
-- outcome: `opened`, `refused` (see `errorcode`), or `unannounced`: output without a StartSession.
-- who: The person: the source identity, else the name of the role session or user.
-- acting_as: The role or user that opened it.
-- instance: The machine.
-- sessionid: The session's id, as Session Manager gave it.
-- document: The Session Manager document: what kind of session it was; null for a shell.
-- reason: What the person gave as a reason.
-- terminated_by: Who ended it; null when it ended by itself, or no log has it.
-- resumed: How often it was taken up again.
-- runasuser: The machine's user that it began as.
-- output_lines: How many lines of output it has; a session that forwards a port has none.
-- output_events: In how many pieces they came.
-- output_from: When its first output was sent.
-- output_until: When its last output was sent.
-- api_calls: How many other API calls the same credentials or source identity made from 15 minutes before to
--   15 minutes after.
-- api_changes: How many of these were meant to change something.
-- api_errors: How many of these failed.
-- api_call_list: The first 100 of these calls, in order, as JSON: time, action, error, event.
-- eventid: The StartSession event.
with around as (
  select
    session_eventid,
    count(*) as api_calls,
    count_if(readonly = false) as api_changes,
    count(errorcode) as api_errors,
    to_json(list_slice(
      list(
        {
          'time': strftime(eventtime, '%Y-%m-%dT%H:%M:%SZ'),
          'action': split_part(eventsource, '.', 1) || ':' || eventname,
          'error': errorcode,
          'event': eventid
        }
        order by eventtime, eventid
      ),
      1, 100
    ))::varchar as api_call_list
  from session_api_call
  group by session_eventid
)
select
  start.eventtime as started,
  span.ended,
  date_sub('minute', start.eventtime, span.ended) as minutes,
  case when start.errorcode is null then 'opened' else 'refused' end as outcome,
  start.errorcode,
  coalesce(
    start.useridentity_sessioncontext_sourceidentity,
    start.useridentity_username,
    split_part(start.useridentity_arn, '/', -1)
  ) as who,
  coalesce(start.useridentity_sessioncontext_sessionissuer_username, start.useridentity_type) as acting_as,
  start.actor,
  start.useridentity_arn,
  start.sourceipaddress,
  start.useragent,
  start.recipientaccountid,
  start.awsregion,
  start.requestparameters ->> '$.target' as instance,
  span.sessionid,
  span.f_sessionid,
  start.requestparameters ->> '$.documentName' as document,
  start.requestparameters ->> '$.reason' as reason,
  span.terminated_by,
  span.resumed,
  span.runasuser,
  span.output_lines,
  span.output_events,
  span.output_from,
  span.output_until,
  coalesce(around.api_calls, 0) as api_calls,
  coalesce(around.api_changes, 0) as api_changes,
  coalesce(around.api_errors, 0) as api_errors,
  around.api_call_list,
  start.useridentity_accesskeyid,
  start.useridentity_sessioncontext_sourceidentity,
  start.eventid,
  start.lake_day
from cloudtrail as start
join session_span as span on span.eventid = start.eventid and span.started = start.eventtime
left join around on around.session_eventid = start.eventid
where start.eventsource = 'ssm.amazonaws.com' and start.eventname = 'StartSession'
union all by name
select
  null::timestamptz as started,
  max(eventtime) as ended,
  date_sub('minute', min(eventtime), max(eventtime)) as minutes,
  'unannounced' as outcome,
  split_part(any_value(useridentity_arn), '/', -1) as who,
  nullif(regexp_extract(any_value(useridentity_arn), 'assumed-role/([^/]+)/', 1), '') as acting_as,
  any_value(useridentity_arn) as useridentity_arn,
  any_value(owner) as recipientaccountid,
  any_value(awsregion) as awsregion,
  any_value(target_id) as instance,
  any_value(sessionid) as sessionid,
  f_sessionid,
  any_value(runasuser) as runasuser,
  sum(lines)::bigint as output_lines,
  count(*) as output_events,
  min(eventtime) as output_from,
  max(eventtime) as output_until,
  min(lake_day) as lake_day
from session_log
where f_sessionid is not null and not exists (
  select 1
  from cloudtrail as start
  where start.eventsource = 'ssm.amazonaws.com'
    and start.eventname = 'StartSession'
    and start.f_sessionid = session_log.f_sessionid
)
group by f_sessionid
