-- session-search.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  session_log.eventtime,
  COALESCE(session.who, session_log.useridentity_arn) AS who,
  session_log.target_id,
  COALESCE(
    REGEXP_EXTRACT(
      session_log.text,
      CONCAT(
        CAST('(?i)[^\n]*(' AS VARCHAR),
        CAST(COALESCE(
          CAST($pattern AS VARCHAR),
          'secret|passw|/etc/shadow|create-user|history -c|curl .*-F'
        ) AS VARCHAR),
        CAST(')[^\n]*' AS VARCHAR)
      )
    ),
    IF(NOT session_log.text IS NULL, '')
  ) AS line,
  session_log.f_sessionid,
  session_log.id
FROM session_log
LEFT JOIN session
  ON session.f_sessionid = session_log.f_sessionid
WHERE
  REGEXP_LIKE(
    session_log.text,
    CONCAT(
      CAST('(?i)' AS VARCHAR),
      CAST(COALESCE(
        CAST($pattern AS VARCHAR),
        'secret|passw|/etc/shadow|create-user|history -c|curl .*-F'
      ) AS VARCHAR)
    )
  )
ORDER BY
  session_log.eventtime DESC
