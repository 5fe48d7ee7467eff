-- guardduty_finding_newest.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  *
FROM (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY id ORDER BY updatedat DESC) AS window_1
  FROM guardduty_finding
) AS numbered
WHERE
  window_1 = 1
