-- new-models.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  MIN(time) AS first_time,
  accountid,
  model,
  NULLIF(MIN_BY(COALESCE(who, ''), time) FILTER(WHERE
    NOT COALESCE(who, '') IS NULL), '') AS first_who,
  NULLIF(
    MIN_BY(COALESCE(errorcode, ''), time) FILTER(WHERE
      NOT COALESCE(errorcode, '') IS NULL),
    ''
  ) AS first_errorcode,
  COUNT(*) AS calls,
  COUNT(DISTINCT who) AS callers,
  MIN_BY(COALESCE(eventid, requestid), time) FILTER(WHERE
    NOT COALESCE(eventid, requestid) IS NULL) AS first_event
FROM bedrock_call
GROUP BY
  accountid,
  model
HAVING
  MIN(time) >= COALESCE(CAST($since AS DATE), CAST('1970-01-01' AS DATE))
ORDER BY
  first_time DESC
