-- failing-tools.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  identity_name AS agent,
  name AS tool,
  COUNT(*) AS calls,
  COUNT_IF(status = 'error') AS failed,
  COUNT_IF(status IS NULL) AS without_result,
  MAX_BY(SUBSTR(CAST(result AS VARCHAR), 1, 200), result_time) FILTER(WHERE
    status = 'error') AS last_failure,
  MAX_BY(result_requestid, result_time) FILTER(WHERE
    status = 'error') AS last_requestid
FROM bedrock_tool_call
GROUP BY
  1,
  2
HAVING
  (
    COUNT_IF(status = 'error')
  ) > 0 OR (
    COUNT_IF(status IS NULL)
  ) > 0
ORDER BY
  failed DESC,
  without_result DESC
