-- read-conversation.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  call,
  time,
  who,
  model,
  prompt,
  completion,
  tools_called,
  tool_uses,
  tool_results,
  stop_reason,
  errorcode,
  input_tokens,
  output_tokens,
  cache_read_tokens,
  guardrail_action,
  conversation,
  requestid
FROM conversation
WHERE
  conversation = COALESCE(
    (
      SELECT
        MAX_BY(conversation, started)
      FROM conversation
      WHERE
        TRIM(CAST($conversation AS VARCHAR)) IN (requestid, conversation_id)
    ),
    TRIM(CAST($conversation AS VARCHAR)),
    (
      SELECT
        conversation
      FROM conversation
      GROUP BY
        1
      ORDER BY
        COUNT(NULLIF(tools_called, '')) DESC,
        COUNT(*) DESC,
        conversation
      LIMIT 1
    )
  )
ORDER BY
  call
