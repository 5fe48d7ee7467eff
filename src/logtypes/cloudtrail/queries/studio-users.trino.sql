-- studio-users.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  COALESCE(useridentity_sessioncontext_sourceidentity, 'not told') AS userprofilename,
  actor,
  eventsource,
  eventname,
  COUNT(*) AS calls,
  COUNT(*) FILTER(WHERE
    NOT errorcode IS NULL) AS failed,
  MIN(eventtime) AS first_time,
  MAX(eventtime) AS last_time
FROM cloudtrail
WHERE
  useridentity_arn LIKE '%/SageMaker'
GROUP BY
  1,
  2,
  3,
  4
ORDER BY
  last_time DESC
