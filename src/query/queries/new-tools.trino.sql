-- new-tools.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  MIN(used.request_time) AS first_time,
  used.identity_name AS agent,
  used.name AS tool,
  MIN_BY(CAST(used.input AS VARCHAR), used.request_time) AS first_input,
  MIN_BY(SUBSTR(log.prompt, 1, 100), used.request_time) AS asked,
  COUNT(*) AS calls,
  COUNT(DISTINCT used.identity_session) AS sessions,
  MIN_BY(used.requestid, used.request_time) AS first_requestid
FROM bedrock_tool_call AS used
LEFT JOIN bedrock_invocation AS log
  ON log.requestid = used.requestid
GROUP BY
  2,
  3
HAVING
  MIN(used.request_time) >= COALESCE(CAST($since AS DATE), CAST('1970-01-01' AS DATE))
ORDER BY
  first_time DESC
