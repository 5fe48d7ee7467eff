-- The touched sessions, computed again from all their rows in the lake: the rows of the view `session`, and
-- rows that are gone, for names without a session of their own.
with start as (
  select trail.*, trail.responseelements ->> '$.sessionId' as sessionid, touched.from_time, touched.until_time
  from {{trail}} as trail
  join touched
    on touched.f_sessionid = trail.f_sessionid
    or (touched.f_sessionid is null and trail.f_sessionid is null and touched.eventid = trail.eventid)
  where trail.eventsource = 'ssm.amazonaws.com' and trail.eventname = 'StartSession'
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
  from {{trail}}
  where eventsource = 'ssm.amazonaws.com'
    and eventname in ('ResumeSession', 'TerminateSession')
    and errorcode is null
    and f_sessionid in (select f_sessionid from touched)
  group by f_sessionid, recipientaccountid
),
output as (
  select
    f_sessionid,
    min(eventtime) as output_from,
    max(eventtime) as output_until,
    sum(lines)::bigint as output_lines,
    count(*) as output_events,
    any_value(runasuser) as runasuser,
    any_value(useridentity_arn) as useridentity_arn,
    any_value(owner) as owner,
    any_value(awsregion) as awsregion,
    any_value(target_id) as target_id,
    any_value(sessionid) as sessionid,
    min(lake_day) as lake_day
  from {{log}}
  where f_sessionid in (select f_sessionid from touched)
  group by f_sessionid
),
span as (
  select
    start.eventid,
    start.f_sessionid,
    start.eventtime as started,
    coalesce(later.terminated, output.output_until) as ended,
    start.useridentity_accesskeyid,
    start.useridentity_sessioncontext_sourceidentity,
    later.terminated_by,
    coalesce(later.resumed, 0) as resumed,
    output.output_from,
    output.output_until,
    coalesce(output.output_lines, 0) as output_lines,
    coalesce(output.output_events, 0) as output_events,
    output.runasuser
  from start
  left join later
    on later.f_sessionid = start.f_sessionid and later.recipientaccountid = start.recipientaccountid
  left join output on output.f_sessionid = start.f_sessionid
),
call as (
  select
    eventid, eventtime, f_sessionid, readonly, errorcode,
    useridentity_accesskeyid, useridentity_sessioncontext_sourceidentity
  from {{trail}}
  where useridentity_accesskeyid in (select useridentity_accesskeyid from span)
    or useridentity_sessioncontext_sourceidentity in (
      select useridentity_sessioncontext_sourceidentity from span
    )
),
around as (
  select session_eventid, count(*) as api_calls, count_if(readonly = false) as api_changes, count(errorcode) as api_errors
  from (
    select span.eventid as session_eventid, span.f_sessionid as session_f_sessionid, call.*
    from span join call on call.useridentity_accesskeyid = span.useridentity_accesskeyid
      and call.eventtime >= span.started - interval 15 minutes
      and call.eventtime <= coalesce(span.ended, span.started) + interval 15 minutes
    union
    select span.eventid as session_eventid, span.f_sessionid as session_f_sessionid, call.*
    from span join call
      on call.useridentity_sessioncontext_sourceidentity = span.useridentity_sessioncontext_sourceidentity
      and call.eventtime >= span.started - interval 15 minutes
      and call.eventtime <= coalesce(span.ended, span.started) + interval 15 minutes
  )
  where eventid <> session_eventid and (f_sessionid is distinct from session_f_sessionid or f_sessionid is null)
  group by session_eventid
),
announced as (
  select
    start.eventid as id,
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
    start.recipientaccountid,
    start.awsregion,
    start.requestparameters ->> '$.target' as instance,
    start.sessionid,
    start.f_sessionid,
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
    start.useridentity_accesskeyid,
    start.useridentity_sessioncontext_sourceidentity,
    start.eventid,
    start.from_time,
    start.until_time,
    false as gone,
    start.lake_day
  from start
  join span on span.eventid = start.eventid and span.started = start.eventtime
  left join around on around.session_eventid = start.eventid
),
unannounced as (
  select
    output.f_sessionid as id,
    output.output_until as ended,
    date_sub('minute', output.output_from, output.output_until) as minutes,
    'unannounced' as outcome,
    split_part(output.useridentity_arn, '/', -1) as who,
    nullif(regexp_extract(output.useridentity_arn, 'assumed-role/([^/]+)/', 1), '') as acting_as,
    output.useridentity_arn,
    output.owner as recipientaccountid,
    output.awsregion,
    output.target_id as instance,
    output.sessionid,
    output.f_sessionid,
    output.runasuser,
    output.output_lines,
    output.output_events,
    output.output_from,
    output.output_until,
    touched.from_time,
    touched.until_time,
    false as gone,
    output.lake_day
  from output
  join touched on touched.f_sessionid = output.f_sessionid
  where output.f_sessionid not in (select f_sessionid from start where f_sessionid is not null)
),
made as (
  select * from announced
  union all by name
  select * from unannounced
),
-- A name without a session of its own: its events wait for a StartSession, or now belong to one.
hidden as (
  select
    touched.f_sessionid as id,
    touched.f_sessionid,
    touched.from_time,
    touched.until_time,
    true as gone,
    coalesce((select min(lake_day) from known_session where id = touched.f_sessionid), touched.from_time::date) as lake_day
  from touched
  where touched.f_sessionid is not null
    and touched.f_sessionid not in (select id from made)
    and (
      touched.f_sessionid not in (select f_sessionid from start where f_sessionid is not null)
      or touched.f_sessionid in (select id from known_session)
    )
)
select *, {{version}}::bigint as version, now() as lake_ingested_at from made
union all by name
select *, {{version}}::bigint as version, now() as lake_ingested_at from hidden
