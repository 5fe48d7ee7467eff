-- sent-twice.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  eventtime,
  "timestamp",
  sessionid,
  lines,
  sessiondata,
  id,
  id_before
FROM (
  SELECT
    *,
    LAG(sessiondata) OVER in_order AS sessiondata_before,
    LAG(id) OVER in_order AS id_before,
    LAG(eventtime) OVER in_order AS eventtime_before
  FROM session_log
  WHERE
    delivery = 'streamed' AND NOT f_sessionid IS NULL
  WINDOW in_order AS (PARTITION BY f_sessionid ORDER BY COALESCE("timestamp", eventtime), id)
)
WHERE
  sessiondata = sessiondata_before AND eventtime > eventtime_before AND lines > 1
ORDER BY
  eventtime DESC,
  id
