-- records-not-read.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  code,
  COUNT(*) AS records,
  COUNT(DISTINCT lake_object) AS objects,
  MIN(lake_day) AS first_day,
  MAX(lake_day) AS last_day,
  MAX_BY(reason, lake_ingested_at) AS newest_reason,
  MAX_BY(lake_object, lake_ingested_at) AS newest_object
FROM reject
GROUP BY
  code
ORDER BY
  records DESC,
  code
