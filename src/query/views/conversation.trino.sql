-- conversation.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
WITH calls AS (
  SELECT
    *,
    COALESCE(conversation_id, identity_arn, requestid) AS thread,
    NOT conversation_id IS NULL AS known,
    FILTER(
      CAST(JSON_PARSE(tool_uses) AS ARRAY(JSON)),
      used -> JSON_EXTRACT_SCALAR(used, '$.seen') = 'output'
    ) AS asked_tools
  FROM bedrock_call
  WHERE
    NOT conversation_id IS NULL
    OR (
      told_by <> 'cloudtrail' AND prompt IS NULL AND message_count IS NULL
    )
), stepped AS (
  SELECT
    *,
    LAG(time) OVER per_thread AS time_before,
    message_count < LAG(message_count) OVER per_thread AS shorter
  FROM calls
  WINDOW per_thread AS (PARTITION BY thread ORDER BY time, message_count, requestid)
), numbered AS (
  SELECT
    *,
    DATE_DIFF('SECOND', DATE_TRUNC('SECOND', time_before), DATE_TRUNC('SECOND', time)) AS pause,
    COUNT_IF(
      time_before IS NULL
      OR shorter
      OR DATE_DIFF('SECOND', DATE_TRUNC('SECOND', time_before), DATE_TRUNC('SECOND', time)) > CASE WHEN known THEN 1800 ELSE 300 END
    ) OVER (PARTITION BY thread ORDER BY time, message_count, requestid) AS run
  FROM stepped
)
SELECT
  FIRST_VALUE(requestid) OVER per_run AS conversation,
  conversation_id,
  ROW_NUMBER() OVER per_run AS call,
  MIN(time) OVER (PARTITION BY thread, run) AS started,
  time,
  CASE WHEN ROW_NUMBER() OVER per_run > 1 THEN pause END AS pause,
  who,
  identity_arn,
  identity_from,
  role,
  accountid,
  region,
  operation,
  model,
  prompt,
  completion,
  ARRAY_JOIN(TRANSFORM(asked_tools, used -> JSON_EXTRACT_SCALAR(used, '$.name')), ', ') AS tools_called,
  stop_reason,
  errorcode,
  message_count,
  input_tokens,
  cache_read_tokens,
  cache_write_tokens,
  cache_write_1h_tokens,
  output_tokens,
  latency_ms,
  guardrail_action,
  tool_uses,
  tool_results,
  sourceipaddress,
  requestid,
  eventid,
  lake_day
FROM numbered
WINDOW per_run AS (PARTITION BY thread, run ORDER BY time, message_count, requestid)
