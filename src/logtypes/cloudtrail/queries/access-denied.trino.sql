-- access-denied.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  COALESCE(
    useridentity_sessioncontext_sessionissuer_arn,
    useridentity_arn,
    useridentity_principalid
  ) AS caller,
  eventsource,
  eventname,
  errorcode,
  COUNT(*) AS denied,
  MIN(eventtime) AS first_time,
  MAX(eventtime) AS last_time,
  MAX_BY(eventid, eventtime) AS last_eventid
FROM cloudtrail
WHERE
  errorcode IN (
    'AccessDenied',
    'AccessDeniedException',
    'VpceAccessDenied',
    'UnauthorizedOperation'
  )
  OR errorcode LIKE '%.UnauthorizedOperation'
  OR errorcode LIKE '%.AccessDenied'
GROUP BY
  1,
  2,
  3,
  4
ORDER BY
  denied DESC,
  last_time DESC
