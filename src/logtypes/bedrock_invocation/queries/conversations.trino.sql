-- conversations.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  conversation_id,
  identity_arn,
  ARBITRARY(model) AS model,
  COUNT(*) AS calls,
  MAX(message_count) AS messages,
  MIN("timestamp") AS first_time,
  MAX("timestamp") AS last_time,
  SUM(input_tokens + COALESCE(cache_read_tokens, 0) + COALESCE(cache_write_tokens, 0)) AS tokens_read,
  SUM(output_tokens) AS tokens_written,
  SUBSTR(MIN_BY(prompt, message_count), 1, 200) AS began_with
FROM bedrock_invocation
WHERE
  NOT conversation_id IS NULL
GROUP BY
  conversation_id,
  identity_arn
ORDER BY
  messages DESC,
  calls DESC,
  conversation_id
