-- Output that went over other output
-- Streamed or uploaded output with sequences that clear the screen or erase lines above: the raw output shows
-- what was there.
select
  eventtime,
  sessionid,
  useridentity_arn as who,
  length(regexp_extract_all(raw, '\x1b\[[0-9;]*(?:A|F|J|2K)')) as erasing_sequences,
  lines,
  left(text, 200) as begins,
  id
from (
  -- in JSON text an escape character takes six characters
  select *, coalesce(output, replace(sessiondata::varchar, '\u001b', chr(27))) as raw
  from session_log
)
where regexp_matches(raw, '\x1b\[[0-9;]*(?:A|F|J|2K)')
order by erasing_sequences desc, eventtime desc, id
limit 1000
