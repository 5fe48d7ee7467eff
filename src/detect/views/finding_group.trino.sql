-- finding_group.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  group_id,
  MIN(time) AS first_time,
  MAX(time) AS last_time,
  COUNT(*) AS findings,
  CAST(COUNT_IF(state <> 'closed' AND NOT hidden) AS BIGINT) AS "open",
  CAST(COUNT_IF(hidden) AS BIGINT) AS hidden,
  ARBITRARY(rule) AS rule,
  MIN_BY(severity, time) FILTER(WHERE
    NOT severity IS NULL) AS severity,
  ARBITRARY(title) AS title,
  ARBITRARY(actor) AS actor,
  ARBITRARY(account) AS account,
  ARBITRARY(resource) AS resource,
  MIN_BY(id, time) FILTER(WHERE
    NOT id IS NULL) AS id,
  MIN(lake_day) AS lake_day
FROM finding_state
GROUP BY
  group_id
