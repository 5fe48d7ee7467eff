-- region-activity.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  recipientaccountid,
  awsregion,
  COUNT(*) AS calls,
  COUNT(CASE WHEN readonly = FALSE THEN 1 END) AS changes,
  COUNT(DISTINCT useridentity_arn) AS identities,
  COUNT(DISTINCT eventsource) AS services,
  MIN(eventtime) AS first_time,
  MAX(eventtime) AS last_time
FROM cloudtrail
GROUP BY
  1,
  2
ORDER BY
  calls,
  recipientaccountid,
  awsregion
