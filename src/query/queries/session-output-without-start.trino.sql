-- session-output-without-start.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  output.f_sessionid,
  MAX(output.sessionid) AS sessionid,
  MAX(output.useridentity_arn) AS who,
  MAX(output.owner) AS owner,
  MIN(output.eventtime) AS first_output,
  MAX(output.eventtime) AS last_output,
  SUM(output.lines) AS lines
FROM session_log AS output
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM cloudtrail AS started
    WHERE
      started.f_sessionid = output.f_sessionid
      AND started.eventsource = 'ssm.amazonaws.com'
      AND started.eventname = 'StartSession'
  )
GROUP BY
  output.f_sessionid
ORDER BY
  last_output DESC,
  output.f_sessionid
