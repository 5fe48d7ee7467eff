-- model-errors-by-caller.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  errorcode,
  model,
  role,
  who,
  COUNT(*) AS failed,
  MIN(time) AS first_time,
  MAX(time) AS last_time,
  MAX_BY(COALESCE(eventid, requestid), time) AS last_event
FROM bedrock_call
WHERE
  NOT errorcode IS NULL
GROUP BY
  1,
  2,
  3,
  4
ORDER BY
  failed DESC,
  last_time DESC
