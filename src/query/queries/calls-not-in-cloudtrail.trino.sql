-- calls-not-in-cloudtrail.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  accountid,
  region,
  model,
  role,
  COUNT(*) AS calls,
  MIN(time) AS first_time,
  MAX(time) AS last_time,
  MAX_BY(requestid, time) AS last_requestid
FROM bedrock_call
WHERE
  told_by = 'invocation log'
GROUP BY
  1,
  2,
  3,
  4
ORDER BY
  calls DESC,
  accountid,
  region
