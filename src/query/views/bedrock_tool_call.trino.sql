-- bedrock_tool_call.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
WITH used AS (
  SELECT
    "timestamp" AS request_time,
    requestid,
    accountid,
    region,
    modelid,
    model,
    identity_arn,
    identity_name,
    identity_session,
    conversation_id,
    entry
  FROM bedrock_invocation
  CROSS JOIN UNNEST(CAST(JSON_PARSE(tool_uses) AS ARRAY(JSON))) AS items(entry)
  WHERE
    NOT tool_uses IS NULL
), keyed AS (
  SELECT
    *,
    COALESCE(
      JSON_EXTRACT_SCALAR(entry, '$.key'),
      JSON_EXTRACT_SCALAR(entry, '$.id'),
      CONCAT(
        CAST(requestid AS VARCHAR),
        CAST('/' AS VARCHAR),
        CAST(LOWER(TO_HEX(MD5(TO_UTF8(CAST(entry AS VARCHAR))))) AS VARCHAR)
      )
    ) AS call_key,
    JSON_EXTRACT_SCALAR(entry, '$.seen') AS seen
  FROM used
), call AS (
  SELECT
    *
  FROM (
    SELECT
      *,
      COUNT(*) OVER (PARTITION BY accountid, call_key) AS invocations,
      ROW_NUMBER() OVER (
        PARTITION BY accountid, call_key
        ORDER BY (
          seen = 'output'
        ) DESC, request_time, requestid
      ) AS window_1
    FROM keyed
  ) AS numbered
  WHERE
    window_1 = 1
), brought AS (
  SELECT
    "timestamp" AS result_time,
    requestid AS result_requestid,
    accountid,
    entry
  FROM bedrock_invocation
  CROSS JOIN UNNEST(CAST(JSON_PARSE(tool_results) AS ARRAY(JSON))) AS items(entry)
  WHERE
    NOT tool_results IS NULL
), result AS (
  SELECT
    *
  FROM (
    SELECT
      *,
      COALESCE(JSON_EXTRACT_SCALAR(entry, '$.key'), JSON_EXTRACT_SCALAR(entry, '$.id')) AS call_key,
      ROW_NUMBER() OVER (
        PARTITION BY accountid, (
          COALESCE(JSON_EXTRACT_SCALAR(entry, '$.key'), JSON_EXTRACT_SCALAR(entry, '$.id'))
        )
        ORDER BY result_time, result_requestid
      ) AS window_1
    FROM brought
  ) AS numbered
  WHERE
    window_1 = 1
)
SELECT
  call.request_time,
  call.requestid,
  call.accountid,
  call.region,
  call.modelid,
  call.model,
  call.identity_arn,
  call.identity_name,
  call.identity_session,
  call.conversation_id,
  CAST((
    JSON_EXTRACT_SCALAR(call.entry, '$.turn')
  ) AS BIGINT) AS turn,
  JSON_EXTRACT_SCALAR(call.entry, '$.id') AS tooluse_id,
  JSON_EXTRACT_SCALAR(call.entry, '$.name') AS name,
  JSON_FORMAT(JSON_EXTRACT(call.entry, '$.input')) AS input,
  CASE
    WHEN (
      JSON_EXTRACT_SCALAR(call.entry, '$.server')
    ) = 'true'
    THEN 'server'
    ELSE 'client'
  END AS side,
  CASE
    WHEN NOT result.call_key IS NULL
    THEN COALESCE(JSON_EXTRACT_SCALAR(result.entry, '$.status'), 'unknown')
  END AS status,
  JSON_FORMAT(JSON_EXTRACT(result.entry, '$.content')) AS result,
  result.result_time,
  result.result_requestid,
  call.seen,
  call.invocations
FROM call
LEFT JOIN result
  ON result.call_key = call.call_key
  AND result.accountid IS NOT DISTINCT FROM call.accountid
