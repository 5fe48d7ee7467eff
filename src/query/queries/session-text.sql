-- What was shown in a session
-- The output of sessions in order, as a person saw it.
-- session: The session, by its id or the unique part of it; the one with most lines by default.
select session_log.eventtime, session_log.runasuser, session_log.target_id, session_log.text, session_log.f_sessionid, session_log.id
from session_log
where session_log.f_sessionid = coalesce(
  lower(regexp_extract($session::varchar, '([^-]+)$', 1)),
  (select arg_max_null(f_sessionid, output_lines) from session)
)
order by session_log.eventtime, session_log.id
limit 10000
