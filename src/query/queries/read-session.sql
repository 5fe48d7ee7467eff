-- One session: what it showed, and what was called around it
-- The lines of a Session Manager session and the API calls of its person and key around it, in one order of
-- time.
-- session: The session's id, the unique part of it, or its StartSession's event id; the one with most failed
--   calls by default.
with wanted as (
  select session.f_sessionid, eventid, who
  from session
  where case
    when $session::varchar is null then f_sessionid is not null
    else session.f_sessionid = lower(regexp_extract(trim($session::varchar), '([^-]+)$', 1)) or eventid = trim($session::varchar)
  end
  qualify row_number() over (order by api_errors desc nulls last, output_lines desc nulls last, session.f_sessionid) = 1
),
shown as (
  select log.eventtime, log.id, log.piece, log.target_id, string_split(trim(log.text, chr(10)), chr(10)) as lines
  from session_log as log
  join wanted on wanted.f_sessionid = log.f_sessionid
)
select
  eventtime as time,
  'output' as kind,
  unnest(lines) as line,
  null as error,
  target_id as "on",
  generate_subscripts(lines, 1) as line_number,
  piece,
  id
from shown
union all
select
  call.eventtime,
  'call ' || phase,
  split_part(call.eventsource, '.', 1) || ':' || call.eventname || ' ' || coalesce(call.requestparameters, ''),
  call.errorcode,
  call.sourceipaddress,
  0,
  0,
  call.eventid
from session_api_call as call
join wanted on wanted.eventid = call.session_eventid
order by time, kind desc, id, piece, line_number
limit 10000
