-- What sessions changed in AWS
-- Calls around a session that were meant to change something, by the same credentials or source identity,
-- refused ones too.
select
  session.started,
  session.who,
  session.acting_as,
  session.instance,
  call.phase,
  call.eventtime,
  split_part(call.eventsource, '.', 1) || ':' || call.eventname as action,
  call.errorcode,
  call.requestparameters,
  session.f_sessionid,
  call.eventid
from session
join session_api_call as call on call.session_eventid = session.eventid
where call.readonly = false
order by session.started desc, call.eventtime
limit 1000
