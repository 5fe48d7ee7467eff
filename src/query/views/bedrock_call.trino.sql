-- bedrock_call.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
WITH trail AS (
  SELECT
    *,
    JSON_EXTRACT_SCALAR(requestparameters, '$.modelId') AS modelid,
    TRY_CAST(JSON_EXTRACT_SCALAR(additionaleventdata, '$.inputTokens') AS BIGINT) AS input_tokens,
    TRY_CAST(JSON_EXTRACT_SCALAR(additionaleventdata, '$.outputTokens') AS BIGINT) AS output_tokens,
    COALESCE(
      useridentity_sessioncontext_sourceidentity,
      useridentity_username,
      COALESCE(ELEMENT_AT(SPLIT(useridentity_arn, '/'), -1), IF(NOT useridentity_arn IS NULL, '')),
      useridentity_invokedby
    ) AS who,
    COALESCE(useridentity_sessioncontext_sessionissuer_username, useridentity_username) AS role
  FROM cloudtrail
  WHERE
    eventsource = 'bedrock.amazonaws.com'
    AND eventname IN ('InvokeModel', 'InvokeModelWithResponseStream', 'Converse', 'ConverseStream')
)
SELECT
  log.timestamp AS time,
  log.requestid,
  log.accountid,
  log.region,
  log.inferenceregion,
  log.operation,
  log.modelid,
  log.model,
  COALESCE(
    trail.useridentity_sessioncontext_sourceidentity,
    log.identity_session,
    log.identity_name,
    trail.who
  ) AS who,
  COALESCE(log.identity_arn, trail.useridentity_arn) AS identity_arn,
  CASE
    WHEN NOT log.identity_arn IS NULL
    THEN 'invocation log'
    WHEN NOT trail.useridentity_arn IS NULL
    THEN 'cloudtrail'
  END AS identity_from,
  COALESCE(log.identity_name, trail.role) AS role,
  CASE WHEN trail.requestid IS NULL THEN 'invocation log' ELSE 'both' END AS told_by,
  COALESCE(log.errorcode, trail.errorcode) AS errorcode,
  COALESCE(log.input_tokens, trail.input_tokens) AS input_tokens,
  COALESCE(log.output_tokens, trail.output_tokens) AS output_tokens,
  log.cache_read_tokens,
  log.cache_write_tokens,
  log.cache_write_1h_tokens,
  log.latency_ms,
  log.first_byte_latency_ms,
  log.stop_reason,
  log.guardrail_action,
  log.prompt,
  log.completion,
  log.tool_uses,
  log.tool_results,
  log.conversation_id,
  log.message_count,
  trail.useridentity_accesskeyid,
  trail.sourceipaddress,
  trail.useragent,
  trail.eventid,
  JSON_EXTRACT_SCALAR(log.requestmetadata, '$.team') AS named_team,
  log.lake_day
FROM bedrock_invocation AS log
LEFT JOIN trail
  ON trail.requestid = log.requestid AND trail.recipientaccountid = log.accountid
UNION ALL
SELECT
  eventtime AS time,
  requestid,
  recipientaccountid AS accountid,
  awsregion AS region,
  JSON_EXTRACT_SCALAR(additionaleventdata, '$.inferenceRegion') AS inferenceregion,
  eventname AS operation,
  modelid,
  REGEXP_REPLACE(
    REGEXP_REPLACE(modelid, '^(arn:.*/)?(([a-z]{2}(-gov)?|apac|emea|amer|global)\.)?', ''),
    '^(anthropic\.claude-.*?)(-v\d+(:\d+)?)?$',
    '$1'
  ) AS model,
  who,
  useridentity_arn AS identity_arn,
  CASE WHEN NOT useridentity_arn IS NULL THEN 'cloudtrail' END AS identity_from,
  role,
  'cloudtrail' AS told_by,
  errorcode,
  input_tokens,
  output_tokens,
  NULL AS cache_read_tokens,
  NULL AS cache_write_tokens,
  NULL AS cache_write_1h_tokens,
  NULL AS latency_ms,
  NULL AS first_byte_latency_ms,
  NULL AS stop_reason,
  NULL AS guardrail_action,
  NULL AS prompt,
  NULL AS completion,
  NULL AS tool_uses,
  NULL AS tool_results,
  NULL AS conversation_id,
  NULL AS message_count,
  useridentity_accesskeyid,
  sourceipaddress,
  useragent,
  eventid,
  NULL AS named_team,
  lake_day
FROM trail
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM bedrock_invocation AS log
    WHERE
      log.requestid = trail.requestid AND log.accountid = trail.recipientaccountid
  )
