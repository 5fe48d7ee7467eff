-- rare-tool-calls.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  request_time,
  identity_name AS agent,
  identity_session,
  name AS tool,
  CAST(input AS VARCHAR) AS input,
  status,
  SUBSTR(CAST(result AS VARCHAR), 1, 100) AS result,
  ROUND(100 * share, 2) AS percent,
  requestid
FROM (
  SELECT
    *,
    CAST(COUNT(*) OVER (PARTITION BY identity_name, name) AS DOUBLE) / NULLIF(COUNT(*) OVER (PARTITION BY identity_name), 0) AS share
  FROM bedrock_tool_call
)
WHERE
  share < CAST(COALESCE(CAST($percent AS DOUBLE), 1) AS DOUBLE) / NULLIF(100, 0)
ORDER BY
  request_time DESC
