-- read-session.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
WITH wanted AS (
  SELECT
    f_sessionid,
    eventid,
    who
  FROM (
    SELECT
      session.f_sessionid,
      eventid,
      who,
      ROW_NUMBER() OVER (ORDER BY api_errors DESC, output_lines DESC, session.f_sessionid) AS window_1
    FROM session
    WHERE
      CASE
        WHEN CAST($session AS VARCHAR) IS NULL
        THEN NOT f_sessionid IS NULL
        ELSE session.f_sessionid = LOWER(
          COALESCE(
            REGEXP_EXTRACT(TRIM(CAST($session AS VARCHAR)), '([^-]+)$', 1),
            IF(NOT TRIM(CAST($session AS VARCHAR)) IS NULL, '')
          )
        )
        OR eventid = TRIM(CAST($session AS VARCHAR))
      END
  ) AS numbered
  WHERE
    window_1 = 1
), shown AS (
  SELECT
    log.eventtime,
    log.id,
    log.piece,
    log.target_id,
    SPLIT(TRIM(CHR(  10) FROM log.text), CHR(  10)) AS lines
  FROM session_log AS log
  JOIN wanted
    ON wanted.f_sessionid = log.f_sessionid
)
SELECT
  eventtime AS time,
  'output' AS kind,
  line,
  NULL AS error,
  target_id AS "on",
  line_number,
  piece,
  id
FROM shown
CROSS JOIN UNNEST(lines) WITH ORDINALITY AS items(line, line_number)
UNION ALL
SELECT
  call.eventtime,
  CONCAT(CAST('call ' AS VARCHAR), CAST(phase AS VARCHAR)),
  CONCAT(
    CAST(SPLIT_PART(call.eventsource, '.', 1) AS VARCHAR),
    CAST(':' AS VARCHAR),
    CAST(call.eventname AS VARCHAR),
    CAST(' ' AS VARCHAR),
    CAST(COALESCE(call.requestparameters, '') AS VARCHAR)
  ),
  call.errorcode,
  call.sourceipaddress,
  0,
  0,
  call.eventid
FROM session_api_call AS call
JOIN wanted
  ON wanted.eventid = call.session_eventid
ORDER BY
  time,
  kind DESC,
  id,
  piece,
  line_number
