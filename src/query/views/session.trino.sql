-- session.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
WITH around AS (
  SELECT
    session_eventid,
    COUNT(*) AS api_calls,
    COUNT_IF(readonly = FALSE) AS api_changes,
    COUNT(errorcode) AS api_errors,
    CAST(JSON_FORMAT(
      CAST(SLICE(
        ARRAY_AGG(
          CAST(ROW(
            DATE_FORMAT(eventtime, '%Y-%m-%dT%TZ'),
            CONCAT(
              CAST(SPLIT_PART(eventsource, '.', 1) AS VARCHAR),
              CAST(':' AS VARCHAR),
              CAST(eventname AS VARCHAR)
            ),
            errorcode,
            eventid
          ) AS ROW("time" VARCHAR, "action" VARCHAR, "error" VARCHAR, "event" VARCHAR)) ORDER BY eventtime, eventid
        ),
        1,
        100
      ) AS JSON)
    ) AS VARCHAR) AS api_call_list
  FROM session_api_call
  GROUP BY
    session_eventid
)
SELECT
  start.eventtime AS started,
  span.ended,
  DATE_DIFF('minute', start.eventtime, span.ended) AS minutes,
  CASE WHEN start.errorcode IS NULL THEN 'opened' ELSE 'refused' END AS outcome,
  start.errorcode,
  COALESCE(
    start.useridentity_sessioncontext_sourceidentity,
    start.useridentity_username,
    COALESCE(
      ELEMENT_AT(SPLIT(start.useridentity_arn, '/'), -1),
      IF(NOT start.useridentity_arn IS NULL, '')
    )
  ) AS who,
  COALESCE(start.useridentity_sessioncontext_sessionissuer_username, start.useridentity_type) AS acting_as,
  start.actor,
  start.useridentity_arn,
  start.sourceipaddress,
  start.useragent,
  start.recipientaccountid,
  start.awsregion,
  JSON_EXTRACT_SCALAR(start.requestparameters, '$.target') AS instance,
  span.sessionid,
  span.f_sessionid,
  JSON_EXTRACT_SCALAR(start.requestparameters, '$.documentName') AS document,
  JSON_EXTRACT_SCALAR(start.requestparameters, '$.reason') AS reason,
  span.terminated_by,
  span.resumed,
  span.runasuser,
  span.output_lines,
  span.output_events,
  span.output_from,
  span.output_until,
  COALESCE(around.api_calls, 0) AS api_calls,
  COALESCE(around.api_changes, 0) AS api_changes,
  COALESCE(around.api_errors, 0) AS api_errors,
  around.api_call_list,
  start.useridentity_accesskeyid,
  start.useridentity_sessioncontext_sourceidentity,
  start.eventid,
  start.lake_day
FROM cloudtrail AS start
JOIN session_span AS span
  ON span.eventid = start.eventid AND span.started = start.eventtime
LEFT JOIN around
  ON around.session_eventid = start.eventid
WHERE
  start.eventsource = 'ssm.amazonaws.com' AND start.eventname = 'StartSession'
UNION ALL
SELECT
  CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS started,
  MAX(eventtime) AS ended,
  DATE_DIFF('minute', MIN(eventtime), MAX(eventtime)) AS minutes,
  'unannounced' AS outcome,
  NULL AS errorcode,
  COALESCE(
    ELEMENT_AT(SPLIT(ARBITRARY(useridentity_arn), '/'), -1),
    IF(NOT ARBITRARY(useridentity_arn) IS NULL, '')
  ) AS who,
  NULLIF(
    COALESCE(
      REGEXP_EXTRACT(ARBITRARY(useridentity_arn), 'assumed-role/([^/]+)/', 1),
      IF(NOT ARBITRARY(useridentity_arn) IS NULL, '')
    ),
    ''
  ) AS acting_as,
  NULL AS actor,
  ARBITRARY(useridentity_arn) AS useridentity_arn,
  NULL AS sourceipaddress,
  NULL AS useragent,
  ARBITRARY(owner) AS recipientaccountid,
  ARBITRARY(awsregion) AS awsregion,
  ARBITRARY(target_id) AS instance,
  ARBITRARY(sessionid) AS sessionid,
  f_sessionid,
  NULL AS document,
  NULL AS reason,
  NULL AS terminated_by,
  NULL AS resumed,
  ARBITRARY(runasuser) AS runasuser,
  CAST(SUM(lines) AS BIGINT) AS output_lines,
  COUNT(*) AS output_events,
  MIN(eventtime) AS output_from,
  MAX(eventtime) AS output_until,
  NULL AS api_calls,
  NULL AS api_changes,
  NULL AS api_errors,
  NULL AS api_call_list,
  NULL AS useridentity_accesskeyid,
  NULL AS useridentity_sessioncontext_sourceidentity,
  NULL AS eventid,
  MIN(lake_day) AS lake_day
FROM session_log
WHERE
  NOT f_sessionid IS NULL
  AND NOT EXISTS(
    SELECT
      1
    FROM cloudtrail AS start
    WHERE
      start.eventsource = 'ssm.amazonaws.com'
      AND start.eventname = 'StartSession'
      AND start.f_sessionid = session_log.f_sessionid
  )
GROUP BY
  f_sessionid
