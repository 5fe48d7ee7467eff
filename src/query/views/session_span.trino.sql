-- session_span.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
WITH start AS (
  SELECT
    *,
    JSON_EXTRACT_SCALAR(responseelements, '$.sessionId') AS sessionid
  FROM cloudtrail
  WHERE
    eventsource = 'ssm.amazonaws.com' AND eventname = 'StartSession'
), later AS (
  SELECT
    f_sessionid,
    recipientaccountid,
    MIN(eventtime) FILTER(WHERE
      eventname = 'TerminateSession') AS terminated,
    MIN_BY(
      COALESCE(
        useridentity_sessioncontext_sourceidentity,
        COALESCE(ELEMENT_AT(SPLIT(useridentity_arn, '/'), -1), IF(NOT useridentity_arn IS NULL, ''))
      ),
      eventtime
    ) FILTER(WHERE
      eventname = 'TerminateSession'
      AND NOT COALESCE(
        useridentity_sessioncontext_sourceidentity,
        COALESCE(ELEMENT_AT(SPLIT(useridentity_arn, '/'), -1), IF(NOT useridentity_arn IS NULL, ''))
      ) IS NULL) AS terminated_by,
    COUNT_IF(eventname = 'ResumeSession') AS resumed
  FROM cloudtrail
  WHERE
    eventsource = 'ssm.amazonaws.com'
    AND eventname IN ('ResumeSession', 'TerminateSession')
    AND errorcode IS NULL
    AND NOT f_sessionid IS NULL
  GROUP BY
    f_sessionid,
    recipientaccountid
), output AS (
  SELECT
    f_sessionid,
    MIN(eventtime) AS output_from,
    MAX(eventtime) AS output_until,
    CAST(SUM(lines) AS BIGINT) AS output_lines,
    COUNT(*) AS output_events,
    ARBITRARY(runasuser) AS runasuser
  FROM session_log
  WHERE
    NOT f_sessionid IS NULL
  GROUP BY
    f_sessionid
)
SELECT
  start.eventtime AS started,
  start.eventid,
  start.f_sessionid,
  start.sessionid,
  later.terminated,
  later.terminated_by,
  COALESCE(later.resumed, 0) AS resumed,
  output.output_from,
  output.output_until,
  COALESCE(output.output_lines, 0) AS output_lines,
  COALESCE(output.output_events, 0) AS output_events,
  output.runasuser,
  COALESCE(later.terminated, output.output_until) AS ended,
  start.useridentity_accesskeyid,
  start.useridentity_sessioncontext_sourceidentity,
  start.recipientaccountid,
  start.lake_day
FROM start
LEFT JOIN later
  ON later.f_sessionid = start.f_sessionid
  AND later.recipientaccountid = start.recipientaccountid
LEFT JOIN output
  ON output.f_sessionid = start.f_sessionid
