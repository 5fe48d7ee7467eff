-- findings-by-rule.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  rule,
  MAX_BY(title, time) AS title,
  COUNT(*) AS findings,
  COUNT_IF(state <> 'closed' AND NOT hidden) AS open,
  COUNT_IF(verdict = 'false') AS found_false,
  COUNT(DISTINCT actor) AS actors,
  MIN(time) AS first_time,
  MAX(time) AS last_time
FROM finding_state
GROUP BY
  rule
ORDER BY
  findings DESC,
  rule
