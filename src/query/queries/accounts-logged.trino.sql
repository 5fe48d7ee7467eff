-- accounts-logged.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  recipientaccountid AS account,
  'cloudtrail' AS log,
  COUNT(DISTINCT awsregion) AS regions,
  COUNT(*) AS events,
  MIN(eventtime) AS first_event,
  MAX(eventtime) AS last_event
FROM cloudtrail
GROUP BY
  recipientaccountid
UNION ALL
SELECT
  accountid,
  'bedrock_invocation',
  COUNT(DISTINCT region),
  COUNT(*),
  MIN(timestamp),
  MAX(timestamp)
FROM bedrock_invocation
GROUP BY
  accountid
ORDER BY
  account,
  log
