-- cleared-screens.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  eventtime,
  sessionid,
  useridentity_arn AS who,
  CARDINALITY(REGEXP_EXTRACT_ALL(raw, '\x1b\[[0-9;]*(?:A|F|J|2K)')) AS erasing_sequences,
  lines,
  SUBSTR(text, 1, 200) AS begins,
  id
FROM (
  /* in JSON text an escape character takes six characters */
  SELECT
    *,
    COALESCE(output, REPLACE(CAST(sessiondata AS VARCHAR), '\u001b', CHR(  27))) AS raw
  FROM session_log
)
WHERE
  REGEXP_LIKE(raw, '\x1b\[[0-9;]*(?:A|F|J|2K)')
ORDER BY
  erasing_sequences DESC,
  eventtime DESC,
  id
