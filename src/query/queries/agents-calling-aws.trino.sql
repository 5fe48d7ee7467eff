-- agents-calling-aws.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  run.started,
  run.who,
  run.role,
  calls.eventtime,
  CONCAT(
    CAST(SPLIT_PART(calls.eventsource, '.', 1) AS VARCHAR),
    CAST(':' AS VARCHAR),
    CAST(calls.eventname AS VARCHAR)
  ) AS action,
  COALESCE(JSON_EXTRACT_SCALAR(calls.resources, '$[0].ARN'), calls.requestparameters) AS what,
  calls.errorcode,
  run.conversation,
  calls.eventid
FROM (
  SELECT
    conversation,
    started,
    MAX(time) AS ended,
    ARBITRARY(identity_arn) AS identity_arn,
    ARBITRARY(who) AS who,
    ARBITRARY(role) AS role
  FROM conversation
  GROUP BY
    conversation,
    started
) AS run
JOIN cloudtrail AS calls
  ON calls.useridentity_arn = run.identity_arn
  AND calls.eventtime BETWEEN run.started AND run.ended + INTERVAL '1' MINUTE
WHERE
  NOT (
    calls.eventsource = 'bedrock.amazonaws.com'
    AND (
      calls.eventname LIKE 'InvokeModel%' OR calls.eventname LIKE 'Converse%'
    )
  )
ORDER BY
  run.started DESC,
  calls.eventtime
