-- session-manager-sessions.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  started.eventtime AS started,
  ended.eventtime AS ended,
  started.f_sessionid,
  started.errorcode,
  COALESCE(started.useridentity_sessioncontext_sourceidentity, started.useridentity_arn) AS who,
  JSON_EXTRACT_SCALAR(started.requestparameters, '$.target') AS target,
  JSON_EXTRACT_SCALAR(started.requestparameters, '$.reason') AS reason,
  JSON_EXTRACT_SCALAR(started.requestparameters, '$.documentName') AS document,
  started.sourceipaddress,
  started.eventid
FROM cloudtrail AS started
LEFT JOIN (
  SELECT
    f_sessionid,
    recipientaccountid,
    MIN(eventtime) AS eventtime
  FROM cloudtrail
  WHERE
    eventname = 'TerminateSession' AND NOT f_sessionid IS NULL AND errorcode IS NULL
  GROUP BY
    1,
    2
) AS ended
  ON ended.f_sessionid = started.f_sessionid
  AND ended.recipientaccountid = started.recipientaccountid
WHERE
  started.eventname = 'StartSession' AND started.eventsource = 'ssm.amazonaws.com'
ORDER BY
  started DESC
