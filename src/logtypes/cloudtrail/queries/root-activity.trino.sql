-- root-activity.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  eventtime,
  useridentity_accountid,
  eventsource,
  eventname,
  errorcode,
  sourceipaddress,
  useragent,
  useridentity_sessioncontext_attributes_mfaauthenticated AS mfa,
  eventid
FROM cloudtrail
WHERE
  useridentity_type = 'Root'
  AND useridentity_invokedby IS NULL
  AND useridentity_sessioncontext_assumedroot IS NULL
  AND eventtype <> 'AwsServiceEvent'
ORDER BY
  eventtime DESC
