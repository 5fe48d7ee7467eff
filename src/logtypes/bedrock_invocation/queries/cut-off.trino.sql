-- cut-off.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  identity_arn,
  model,
  stop_reason,
  COUNT(*) AS answers,
  MAX(output_tokens) AS most_tokens,
  MAX("timestamp") AS last_time,
  MAX_BY(requestid, "timestamp") AS last_requestid
FROM bedrock_invocation
WHERE
  LOWER(stop_reason) IN ('max_tokens', 'length', 'model_context_window_exceeded')
GROUP BY
  identity_arn,
  model,
  stop_reason
ORDER BY
  answers DESC,
  last_time DESC
