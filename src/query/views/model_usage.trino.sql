-- model_usage.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
WITH endpoint_calls AS (
  SELECT
    lake_day AS day,
    LOWER(
      COALESCE(
        JSON_EXTRACT_SCALAR(requestparameters, '$.endpointName'),
        COALESCE(
          ELEMENT_AT(SPLIT(JSON_EXTRACT_SCALAR(resources, '$[0].ARN'), '/'), -1),
          IF(NOT JSON_EXTRACT_SCALAR(resources, '$[0].ARN') IS NULL, '')
        )
      )
    ) AS endpoint, /* Names of old endpoints are in small letters in their ARNs. */
    recipientaccountid AS accountid,
    awsregion AS region,
    COALESCE(
      useridentity_sessioncontext_sourceidentity,
      useridentity_username,
      COALESCE(ELEMENT_AT(SPLIT(useridentity_arn, '/'), -1), IF(NOT useridentity_arn IS NULL, ''))
    ) AS who,
    COALESCE(useridentity_sessioncontext_sessionissuer_username, useridentity_username) AS role,
    COUNT(*) AS invocations,
    COUNT(errorcode) AS failed
  FROM cloudtrail
  WHERE
    eventsource = 'sagemaker.amazonaws.com'
    AND eventname IN ('InvokeEndpoint', 'InvokeEndpointWithResponseStream', 'InvokeEndpointAsync')
  GROUP BY
    1,
    2,
    3,
    4,
    5,
    6
), called AS (
  SELECT
    day,
    endpoint,
    SUM(invocations - failed) AS answered,
    COUNT(*) AS identities
  FROM endpoint_calls
  GROUP BY
    1,
    2
), captured AS (
  SELECT
    lake_day AS day,
    LOWER(endpointname) AS endpoint,
    MAX(modelid) AS model,
    COUNT(*) AS captures,
    SUM(input_tokens) AS input_tokens,
    SUM(output_tokens) AS output_tokens
  FROM sagemaker_invocation
  WHERE
    kind = 'endpoint'
  GROUP BY
    1,
    2
)
SELECT
  lake_day AS day,
  'bedrock' AS service,
  model,
  CAST(NULL AS VARCHAR) AS endpoint,
  accountid,
  region,
  who,
  role,
  COUNT(*) AS invocations,
  COUNT(errorcode) AS failed,
  CAST(SUM(input_tokens) AS BIGINT) AS input_tokens,
  CAST(SUM(output_tokens) AS BIGINT) AS output_tokens,
  CAST(SUM(cache_read_tokens) AS BIGINT) AS cache_read_tokens,
  CAST(SUM(cache_write_tokens) AS BIGINT) AS cache_write_tokens,
  CAST(SUM(cache_write_1h_tokens) AS BIGINT) AS cache_write_1h_tokens,
  ELEMENT_AT(
    TRANSFORM(
      ARRAY[ELEMENT_AT(
        TRANSFORM(
          ARRAY[ARRAY_SORT(ARRAY_AGG(latency_ms) FILTER(WHERE
            NOT latency_ms IS NULL))],
          v -> CAST(ELEMENT_AT(v, CAST(FLOOR(0.5E0 * (
            CARDINALITY(v) - 1
          )) AS BIGINT) + 1) AS DOUBLE) + (
            0.5E0 * (
              CARDINALITY(v) - 1
            ) - FLOOR(0.5E0 * (
              CARDINALITY(v) - 1
            ))
          ) * (
            ELEMENT_AT(v, CAST(CEIL(0.5E0 * (
              CARDINALITY(v) - 1
            )) AS BIGINT) + 1) - ELEMENT_AT(v, CAST(FLOOR(0.5E0 * (
              CARDINALITY(v) - 1
            )) AS BIGINT) + 1)
          )
        ),
        1
      )],
      v -> CAST(IF(v - FLOOR(v) = 0.5E0 AND FLOOR(v) % 2 = 0, FLOOR(v), ROUND(v)) AS BIGINT)
    ),
    1
  ) AS latency_ms_p50,
  ELEMENT_AT(
    TRANSFORM(
      ARRAY[ELEMENT_AT(
        TRANSFORM(
          ARRAY[ARRAY_SORT(ARRAY_AGG(latency_ms) FILTER(WHERE
            NOT latency_ms IS NULL))],
          v -> CAST(ELEMENT_AT(v, CAST(FLOOR(0.99E0 * (
            CARDINALITY(v) - 1
          )) AS BIGINT) + 1) AS DOUBLE) + (
            0.99E0 * (
              CARDINALITY(v) - 1
            ) - FLOOR(0.99E0 * (
              CARDINALITY(v) - 1
            ))
          ) * (
            ELEMENT_AT(v, CAST(CEIL(0.99E0 * (
              CARDINALITY(v) - 1
            )) AS BIGINT) + 1) - ELEMENT_AT(v, CAST(FLOOR(0.99E0 * (
              CARDINALITY(v) - 1
            )) AS BIGINT) + 1)
          )
        ),
        1
      )],
      v -> CAST(IF(v - FLOOR(v) = 0.5E0 AND FLOOR(v) % 2 = 0, FLOOR(v), ROUND(v)) AS BIGINT)
    ),
    1
  ) AS latency_ms_p99,
  CASE
    WHEN COUNT_IF(call.counted AND call.cost_usd IS NULL) = 0
    THEN ROUND(SUM(call.cost_usd) FILTER(WHERE
      call.counted), 6)
  END AS cost_usd,
  COUNT_IF(call.counted AND call.cost_usd IS NULL) AS unpriced
FROM bedrock_call_cost AS call
GROUP BY
  1,
  3,
  4,
  5,
  6,
  7,
  8
UNION ALL
SELECT
  day,
  'sagemaker' AS service,
  model,
  endpoint,
  accountid,
  region,
  who,
  role,
  invocations,
  failed,
  CAST(input_tokens AS BIGINT) AS input_tokens,
  CAST(output_tokens AS BIGINT) AS output_tokens,
  NULL AS cache_read_tokens,
  NULL AS cache_write_tokens,
  NULL AS cache_write_1h_tokens,
  NULL AS latency_ms_p50,
  NULL AS latency_ms_p99,
  NULL AS cost_usd,
  NULL AS unpriced
FROM endpoint_calls
LEFT JOIN called
  USING (day, endpoint)
LEFT JOIN (
  SELECT
    *,
    1 AS identities
  FROM captured
) AS captured
  USING (day, endpoint, identities)
UNION ALL
SELECT
  day,
  'sagemaker' AS service,
  model,
  endpoint,
  NULL AS accountid,
  NULL AS region,
  NULL AS who,
  NULL AS role,
  CAST(GREATEST(captures - COALESCE(answered, 0), 0) AS BIGINT) AS invocations,
  0 AS failed,
  CAST(input_tokens AS BIGINT) AS input_tokens,
  CAST(output_tokens AS BIGINT) AS output_tokens,
  NULL AS cache_read_tokens,
  NULL AS cache_write_tokens,
  NULL AS cache_write_1h_tokens,
  NULL AS latency_ms_p50,
  NULL AS latency_ms_p99,
  NULL AS cost_usd,
  NULL AS unpriced
FROM captured
LEFT JOIN called
  USING (day, endpoint)
WHERE
  identities IS DISTINCT FROM 1
