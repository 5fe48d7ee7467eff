-- What else was called around a session
-- One row per API call that the same access key or the same source identity made from 15 minutes before a
-- session to 15 minutes after it, its own StartSession, ResumeSession and TerminateSession apart. A session
-- without a known end counts as ended when it began.
-- session_eventid: The StartSession of the session.
-- session_started: When the session began.
-- phase: `before`, `during` or `after` the session.
-- same: What the call has in common with the session: `access key`, `source identity` or `both`.
with same_key as (
  select span.*, call.eventid as call_id, call.eventtime as call_time
  from session_span as span
  join cloudtrail as call
    on call.useridentity_accesskeyid = span.useridentity_accesskeyid
    and call.eventtime >= span.started - interval 15 minutes
    and call.eventtime <= coalesce(span.ended, span.started) + interval 15 minutes
),
same_person as (
  select span.*, call.eventid as call_id, call.eventtime as call_time
  from session_span as span
  join cloudtrail as call
    on call.useridentity_sessioncontext_sourceidentity = span.useridentity_sessioncontext_sourceidentity
    and call.eventtime >= span.started - interval 15 minutes
    and call.eventtime <= coalesce(span.ended, span.started) + interval 15 minutes
),
around as (
  select
    eventid as session_eventid,
    any_value(f_sessionid) as session_f_sessionid,
    any_value(started) as session_started,
    any_value(ended) as session_ended,
    call_id,
    call_time,
    string_agg(distinct same, ' and ') as same
  from (
    select *, 'access key' as same from same_key
    union all
    select *, 'source identity' as same from same_person
  )
  where call_id <> eventid
  group by eventid, call_id, call_time
)
select
  around.session_eventid,
  around.session_started,
  case
    when call.eventtime < around.session_started then 'before'
    when call.eventtime > coalesce(around.session_ended, around.session_started) then 'after'
    else 'during'
  end as phase,
  if(around.same like '% and %', 'both', around.same) as same,
  call.eventtime,
  call.eventsource,
  call.eventname,
  call.readonly,
  call.errorcode,
  call.requestparameters,
  call.resources,
  call.awsregion,
  call.recipientaccountid,
  call.sourceipaddress,
  call.useragent,
  call.actor,
  call.useridentity_arn,
  call.eventid,
  call.lake_day
from around
join cloudtrail as call on call.eventid = around.call_id and call.eventtime = around.call_time
where call.f_sessionid is distinct from around.session_f_sessionid or call.f_sessionid is null
