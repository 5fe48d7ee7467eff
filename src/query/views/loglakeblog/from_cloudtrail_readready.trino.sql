-- from_cloudtrail_readready.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  *,
  CAST((
    YEAR(lake_day) * 10000 + MONTH(lake_day) * 100 + DAY(lake_day)
  ) AS INTEGER) AS logcalendarday
FROM cloudtrail
