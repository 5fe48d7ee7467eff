-- sessions-longer-than.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  started,
  ended,
  minutes,
  who,
  acting_as,
  instance,
  document,
  output_lines,
  terminated_by,
  f_sessionid,
  eventid
FROM session
WHERE
  outcome = 'opened'
  AND (
    minutes > COALESCE(CAST($minutes AS INTEGER), 30) OR ended IS NULL
  )
ORDER BY
  minutes DESC,
  started DESC
