-- session-text.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  session_log.eventtime,
  session_log.runasuser,
  session_log.target_id,
  session_log.text,
  session_log.f_sessionid,
  session_log.id
FROM session_log
WHERE
  session_log.f_sessionid = COALESCE(
    LOWER(
      COALESCE(
        REGEXP_EXTRACT(CAST($session AS VARCHAR), '([^-]+)$', 1),
        IF(NOT CAST($session AS VARCHAR) IS NULL, '')
      )
    ),
    (
      SELECT
        MAX_BY(f_sessionid, output_lines)
      FROM session
    )
  )
ORDER BY
  session_log.eventtime,
  session_log.id
