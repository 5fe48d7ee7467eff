-- top-callers.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  COALESCE(
    useridentity_sessioncontext_sessionissuer_arn,
    useridentity_arn,
    useridentity_invokedby,
    useridentity_principalid
  ) AS caller,
  MAX(useridentity_type) AS type,
  COUNT(*) AS calls,
  COUNT(errorcode) AS failed,
  COUNT(DISTINCT eventname) AS operations,
  COUNT(DISTINCT sourceipaddress) AS addresses,
  MIN(eventtime) AS first_time,
  MAX(eventtime) AS last_time
FROM cloudtrail
GROUP BY
  1
ORDER BY
  calls DESC,
  caller
