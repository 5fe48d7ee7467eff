-- session-overview.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
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
FROM session
WHERE
  COALESCE(started, output_from) >= COALESCE(CAST($since AS DATE), CAST('1970-01-01' AS DATE))
ORDER BY
  COALESCE(started, output_from) DESC
