-- Sessions, the latest first
-- Every Session Manager session with its person, machine, duration, lines of output, and the API calls around
-- it.
-- since: Only sessions from this day on, as in 2026-01-07; all by default.
select
  started,
  minutes,
  outcome,
  who,
  acting_as,
  instance,
  sourceipaddress,
  output_lines,
  api_calls,
  api_changes,
  api_errors,
  f_sessionid,
  eventid
from session
where coalesce(started, output_from) >= coalesce($since::date, date '1970-01-01')
order by coalesce(started, output_from) desc
limit 1000
