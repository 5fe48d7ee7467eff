-- usage.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  model,
  identity_arn,
  COUNT(*) AS calls,
  COUNT(errorcode) AS failed,
  SUM(input_tokens) AS input_tokens,
  SUM(cache_read_tokens) AS cache_read_tokens,
  SUM(cache_write_tokens) AS cache_write_tokens,
  SUM(output_tokens) AS output_tokens,
  MIN("timestamp") AS first_time,
  MAX("timestamp") AS last_time
FROM bedrock_invocation
GROUP BY
  model,
  identity_arn
ORDER BY
  calls DESC,
  model,
  identity_arn
