-- session_api_call.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
WITH same_key AS (
  SELECT
    span.*,
    call.eventid AS call_id,
    call.eventtime AS call_time
  FROM session_span AS span
  JOIN cloudtrail AS call
    ON call.useridentity_accesskeyid = span.useridentity_accesskeyid
    AND call.eventtime >= span.started - INTERVAL '15' MINUTE
    AND call.eventtime <= COALESCE(span.ended, span.started) + INTERVAL '15' MINUTE
), same_person AS (
  SELECT
    span.*,
    call.eventid AS call_id,
    call.eventtime AS call_time
  FROM session_span AS span
  JOIN cloudtrail AS call
    ON call.useridentity_sessioncontext_sourceidentity = span.useridentity_sessioncontext_sourceidentity
    AND call.eventtime >= span.started - INTERVAL '15' MINUTE
    AND call.eventtime <= COALESCE(span.ended, span.started) + INTERVAL '15' MINUTE
), around AS (
  SELECT
    eventid AS session_eventid,
    ARBITRARY(f_sessionid) AS session_f_sessionid,
    ARBITRARY(started) AS session_started,
    ARBITRARY(ended) AS session_ended,
    call_id,
    call_time,
    ARRAY_JOIN(ARRAY_AGG(DISTINCT same ORDER BY same) FILTER(WHERE
      NOT same IS NULL), ' and ') AS same
  FROM (
    SELECT
      *,
      'access key' AS same
    FROM same_key
    UNION ALL
    SELECT
      *,
      'source identity' AS same
    FROM same_person
  )
  WHERE
    call_id <> eventid
  GROUP BY
    eventid,
    call_id,
    call_time
)
SELECT
  around.session_eventid,
  around.session_started,
  CASE
    WHEN call.eventtime < around.session_started
    THEN 'before'
    WHEN call.eventtime > COALESCE(around.session_ended, around.session_started)
    THEN 'after'
    ELSE 'during'
  END AS phase,
  IF(around.same LIKE '% and %', 'both', around.same) AS same,
  call.eventtime,
  call.eventsource,
  call.eventname,
  call.readonly,
  call.errorcode,
  call.requestparameters,
  call.resources,
  call.awsregion,
  call.recipientaccountid,
  call.sourceipaddress,
  call.useragent,
  call.actor,
  call.useridentity_arn,
  call.eventid,
  call.lake_day
FROM around
JOIN cloudtrail AS call
  ON call.eventid = around.call_id AND call.eventtime = around.call_time
WHERE
  call.f_sessionid IS DISTINCT FROM around.session_f_sessionid
  OR call.f_sessionid IS NULL
