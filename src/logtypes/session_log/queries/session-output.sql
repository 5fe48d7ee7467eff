-- A session, as a person saw it
-- Every piece of the output of a session in order, as its terminal showed it.
-- session: The session's id or its unique part; the session that was last heard of by default.
select
  eventtime,
  coalesce("timestamp", eventtime) as sent,
  useridentity_arn as who,
  target_id as machine,
  runasuser,
  text,
  sessionid,
  delivery,
  id
from session_log
where f_sessionid = coalesce(
  lower(regexp_extract($session::varchar, '([^-]+)$', 1)),
  (select f_sessionid from session_log where f_sessionid is not null order by eventtime desc, f_sessionid limit 1)
)
order by sent, id, piece
limit 10000
