-- silent-hours.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  recipientaccountid,
  awsregion,
  before AS silent_from,
  eventtime AS silent_until,
  DATE_DIFF('HOUR', DATE_TRUNC('HOUR', before), DATE_TRUNC('HOUR', eventtime)) AS hours
FROM (
  SELECT
    recipientaccountid,
    awsregion,
    eventtime,
    LAG(eventtime) OVER (PARTITION BY recipientaccountid, awsregion ORDER BY eventtime) AS before
  FROM cloudtrail
)
WHERE
  DATE_DIFF('HOUR', DATE_TRUNC('HOUR', before), DATE_TRUNC('HOUR', eventtime)) >= COALESCE(CAST($hours AS INTEGER), 6)
ORDER BY
  hours DESC,
  silent_from
