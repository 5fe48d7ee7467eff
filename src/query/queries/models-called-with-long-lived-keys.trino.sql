-- models-called-with-long-lived-keys.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  useridentity_accesskeyid,
  who,
  sourceipaddress,
  useragent,
  COUNT(*) AS calls,
  COUNT(errorcode) AS failed,
  ARRAY_AGG(DISTINCT model ORDER BY model) AS models,
  MIN(time) AS first_time,
  MAX(time) AS last_time,
  MAX_BY(eventid, time) AS last_eventid
FROM bedrock_call
WHERE
  useridentity_accesskeyid LIKE 'AKIA%'
GROUP BY
  1,
  2,
  3,
  4
ORDER BY
  calls DESC
