-- log-groups.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  loggroup,
  owner,
  COUNT(*) AS events,
  SUM(LENGTH(TO_UTF8(message))) AS bytes,
  COUNT(DISTINCT logstream) AS streams,
  MIN("timestamp") AS first_time,
  MAX("timestamp") AS last_time
FROM cloudwatch_log
GROUP BY
  loggroup,
  owner
ORDER BY
  bytes DESC
