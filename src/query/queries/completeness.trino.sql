-- completeness.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  lake_day,
  COALESCE(logtype, envelope, outcome) AS kind,
  COUNT(*) AS objects,
  COUNT_IF(outcome = 'rejected') AS objects_rejected,
  CAST(SUM(records_read) AS BIGINT) AS read,
  CAST(SUM(records_stored) AS BIGINT) AS stored,
  CAST(SUM(records_repeated) AS BIGINT) AS repeated,
  CAST(SUM(records_skipped) AS BIGINT) AS skipped,
  CAST(SUM(records_rejected) AS BIGINT) AS rejected,
  CAST(SUM(
    records_read - records_stored - records_repeated - records_skipped - records_rejected
  ) AS BIGINT) AS missing
FROM ledger
GROUP BY
  1,
  2
ORDER BY
  lake_day DESC,
  kind
