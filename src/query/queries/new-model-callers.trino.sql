-- new-model-callers.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  MIN(time) AS first_time,
  role,
  CASE WHEN role IS NULL OR role LIKE 'AWSReservedSSO%' THEN who END AS person,
  MIN_BY(model, time) AS first_model,
  MIN_BY(sourceipaddress, time) AS first_address,
  COUNT(*) AS calls,
  COUNT(errorcode) AS failed,
  MIN_BY(COALESCE(eventid, requestid), time) AS first_event
FROM bedrock_call
GROUP BY
  role,
  3
HAVING
  MIN(time) >= COALESCE(CAST($since AS DATE), CAST('1970-01-01' AS DATE))
ORDER BY
  first_time DESC
