-- sessions-without-output.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  started,
  ended,
  minutes,
  who,
  acting_as,
  instance,
  document,
  recipientaccountid,
  awsregion,
  api_calls,
  f_sessionid,
  eventid
FROM session
WHERE
  outcome = 'opened' AND output_events = 0
ORDER BY
  started DESC
