-- model_usage_10min_newest.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  *
FROM (
  SELECT
    *,
    MAX(version) OVER (PARTITION BY time) AS window_1
  FROM model_usage_10min
) AS numbered
WHERE
  version = window_1 AND NOT gone
