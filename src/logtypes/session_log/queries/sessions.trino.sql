-- sessions.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  f_sessionid,
  MAX(sessionid) AS sessionid,
  MAX(useridentity_arn) AS who,
  MAX(target_id) AS machine,
  ARRAY_JOIN(
    ARRAY_AGG(DISTINCT runasuser ORDER BY runasuser) FILTER(WHERE
      NOT runasuser IS NULL),
    ', '
  ) AS users,
  ARRAY_JOIN(
    ARRAY_AGG(DISTINCT delivery ORDER BY delivery) FILTER(WHERE
      NOT delivery IS NULL),
    ', '
  ) AS deliveries,
  MIN(eventtime) AS first_output,
  MAX(eventtime) AS last_output,
  COALESCE(NULLIF(SUM(lines) FILTER(WHERE
    delivery = 'streamed'), 0), MAX(uploaded)) AS lines /* a streamed session may also be uploaded at its end */
FROM (
  SELECT
    *,
    SUM(IF(delivery <> 'streamed', lines)) OVER (PARTITION BY f_sessionid, delivery) AS uploaded
  FROM session_log
)
GROUP BY
  f_sessionid
ORDER BY
  lines DESC,
  f_sessionid
