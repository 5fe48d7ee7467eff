-- digests-not-valid.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  account,
  region,
  trail,
  state,
  COUNT(*) AS digests,
  MIN(end_time) AS first_end,
  MAX(end_time) AS last_end,
  MAX_BY(reason, end_time) AS newest_reason,
  MAX_BY(lake_object, end_time) AS newest_digest
FROM (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY lake_object ORDER BY checked DESC, lake_ingested_at DESC) AS newer
  FROM digest
)
WHERE
  newer = 1 AND state <> 'valid'
GROUP BY
  account,
  region,
  trail,
  state
ORDER BY
  digests DESC,
  account,
  region,
  trail,
  state
