-- Words in the output of sessions
-- Every piece of session output in which a pattern is found, with who showed it.
-- pattern: A regular expression, in small or capital letters alike; secrets, users, and ways to cover one's
--   traces by default.
select
  session_log.eventtime,
  coalesce(session.who, session_log.useridentity_arn) as who,
  session_log.target_id,
  regexp_extract(
    session_log.text,
    '(?i)[^\n]*(' || coalesce($pattern::varchar, 'secret|passw|/etc/shadow|create-user|history -c|curl .*-F') || ')[^\n]*'
  ) as line,
  session_log.f_sessionid,
  session_log.id
from session_log
left join session on session.f_sessionid = session_log.f_sessionid
where regexp_matches(
  session_log.text,
  '(?i)' || coalesce($pattern::varchar, 'secret|passw|/etc/shadow|create-user|history -c|curl .*-F')
)
order by session_log.eventtime desc
limit 1000
