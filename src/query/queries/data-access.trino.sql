-- data-access.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  COALESCE(name, subject) AS who,
  role,
  operation,
  outcome,
  COUNT(*) AS calls,
  CAST(SUM(rows) AS BIGINT) AS rows_shown,
  COUNT_IF(unmasked) AS without_masks,
  MIN(time) AS first_time,
  MAX(time) AS last_time
FROM access_log
WHERE
  CAST($who AS VARCHAR) IS NULL
  OR LOWER(CAST($who AS VARCHAR)) IN (LOWER(name), LOWER(subject))
GROUP BY
  1,
  2,
  3,
  4
ORDER BY
  calls DESC,
  last_time DESC
