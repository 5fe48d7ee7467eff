-- by-person.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
WITH called AS (
  SELECT
    *,
    LOWER(
      COALESCE(
        useridentity_sessioncontext_sourceidentity,
        useridentity_username,
        COALESCE(ELEMENT_AT(SPLIT(useridentity_arn, '/'), -1), IF(NOT useridentity_arn IS NULL, ''))
      )
    ) AS person
  FROM cloudtrail
), wanted AS (
  SELECT
    COALESCE(
      LOWER(TRIM(CAST($person AS VARCHAR))),
      (
        SELECT
          person
        FROM called
        WHERE
          NOT person IS NULL AND useridentity_type <> 'AWSService'
        GROUP BY
          1
        ORDER BY
          COUNT(useridentity_sessioncontext_sourceidentity) > 0 DESC,
          COUNT_IF(readonly = FALSE) DESC,
          COUNT(*) DESC,
          person
        LIMIT 1
      )
    ) AS wanted
)
SELECT
  eventtime AS time,
  'cloudtrail' AS log,
  CONCAT(
    CAST(SPLIT_PART(eventsource, '.', 1) AS VARCHAR),
    CAST(':' AS VARCHAR),
    CAST(eventname AS VARCHAR)
  ) AS action,
  errorcode,
  COALESCE(useridentity_sessioncontext_sessionissuer_username, useridentity_type) AS acting_as,
  sourceipaddress,
  requestparameters AS detail,
  recipientaccountid AS account,
  awsregion AS region,
  eventid AS id
FROM called, wanted
WHERE
  person = wanted
  OR LOWER(useridentity_sessioncontext_sourceidentity) = wanted
  OR LOWER(useridentity_username) = wanted
  OR LOWER(
    COALESCE(ELEMENT_AT(SPLIT(useridentity_arn, '/'), -1), IF(NOT useridentity_arn IS NULL, ''))
  ) = wanted
UNION ALL
SELECT
  call.time,
  'bedrock_invocation',
  CONCAT(CAST('bedrock:' AS VARCHAR), CAST(operation AS VARCHAR)),
  errorcode,
  role,
  sourceipaddress,
  prompt,
  accountid,
  region,
  requestid
FROM bedrock_call AS call, wanted
WHERE
  told_by = 'invocation log' AND LOWER(who) = wanted
UNION ALL
SELECT
  log.eventtime,
  'session_log',
  'output',
  NULL,
  session.acting_as,
  NULL,
  log.text,
  log.owner,
  log.awsregion,
  log.id
FROM session_log AS log
JOIN session
  ON session.f_sessionid = log.f_sessionid
JOIN wanted
  ON LOWER(session.who) = wanted
ORDER BY
  time,
  log,
  id
