-- new-models.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  MIN(time) AS first_time,
  accountid,
  model,
  MIN_BY(who, time) AS first_who,
  MIN_BY(errorcode, time) AS first_errorcode,
  COUNT(*) AS calls,
  COUNT(DISTINCT who) AS callers,
  MIN_BY(COALESCE(eventid, requestid), time) AS first_event
FROM bedrock_call
GROUP BY
  accountid,
  model
HAVING
  MIN(time) >= COALESCE(CAST($since AS DATE), CAST('1970-01-01' AS DATE))
ORDER BY
  first_time DESC
