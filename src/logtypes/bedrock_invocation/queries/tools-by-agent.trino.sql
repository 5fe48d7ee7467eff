-- tools-by-agent.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  identity_arn,
  model,
  JSON_EXTRACT_SCALAR(use, '$.name') AS tool,
  COUNT(*) AS calls,
  COUNT(DISTINCT conversation_id) AS conversations,
  MIN("timestamp") AS first_time,
  MAX("timestamp") AS last_time,
  MAX_BY(JSON_FORMAT(JSON_EXTRACT(use, '$.input')), "timestamp") AS last_input,
  MAX_BY(requestid, "timestamp") AS last_requestid
FROM (
  SELECT
    *
  FROM bedrock_invocation
  CROSS JOIN UNNEST(CAST(JSON_PARSE(tool_uses) AS ARRAY(JSON))) AS items(use)
  WHERE
    NOT tool_uses IS NULL
)
WHERE
  JSON_EXTRACT_SCALAR(use, '$.seen') = 'output'
GROUP BY
  identity_arn,
  model,
  3
ORDER BY
  calls DESC,
  tool,
  identity_arn
