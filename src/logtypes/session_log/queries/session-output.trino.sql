-- session-output.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  eventtime,
  COALESCE("timestamp", eventtime) AS sent,
  useridentity_arn AS who,
  target_id AS machine,
  runasuser,
  text,
  sessionid,
  delivery,
  id
FROM session_log
WHERE
  f_sessionid = COALESCE(
    LOWER(
      COALESCE(
        REGEXP_EXTRACT(CAST($session AS VARCHAR), '([^-]+)$', 1),
        IF(NOT CAST($session AS VARCHAR) IS NULL, '')
      )
    ),
    (
      SELECT
        f_sessionid
      FROM session_log
      WHERE
        NOT f_sessionid IS NULL
      ORDER BY
        eventtime DESC,
        f_sessionid
      LIMIT 1
    )
  )
ORDER BY
  sent,
  id,
  piece
