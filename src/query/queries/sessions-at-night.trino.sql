-- sessions-at-night.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  started,
  FORMAT_DATETIME(started, 'EEEE') AS day,
  minutes,
  outcome,
  who,
  acting_as,
  instance,
  sourceipaddress,
  api_changes,
  f_sessionid,
  eventid
FROM session
WHERE
  HOUR(started) < COALESCE(CAST($from AS INTEGER), 6)
  OR HOUR(started) >= COALESCE(CAST($until AS INTEGER), 20)
  OR DAY_OF_WEEK(started) > 5
ORDER BY
  started DESC
