-- conversation_summary_newest.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  *
FROM (
  SELECT
    *,
    MAX(version) OVER (PARTITION BY conversation) AS window_1
  FROM conversation_summary
) AS numbered
WHERE
  version = window_1 AND NOT gone
