-- not-delivered.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  route,
  destination,
  table_name,
  code,
  CAST(SUM(COALESCE(rows, 1)) AS BIGINT) AS rows,
  MIN(time) AS first_row,
  MAX(time) AS last_row,
  MAX(refused_at) AS last_refused,
  MAX_BY(SUBSTR(answer, 1, 200), refused_at) AS last_answer
FROM undelivered
WHERE
  delivered_at IS NULL
GROUP BY
  1,
  2,
  3,
  4
ORDER BY
  rows DESC,
  route,
  code
