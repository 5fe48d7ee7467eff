-- cost-by-team.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  COALESCE(
    JSON_EXTRACT_SCALAR(log.requestmetadata, CONCAT('$["', COALESCE(CAST($key AS VARCHAR), 'team'), '"]')),
    'none named'
  ) AS team,
  COUNT(*) AS invocations,
  COUNT(DISTINCT log.identity_arn) AS identities,
  CAST(SUM(log.input_tokens) AS BIGINT) AS input_tokens,
  CAST(SUM(log.output_tokens) AS BIGINT) AS output_tokens,
  ROUND(SUM(call.cost_usd), 4) AS cost_usd,
  COUNT_IF(call.counted AND call.cost_usd IS NULL) AS unpriced
FROM bedrock_invocation AS log
LEFT JOIN bedrock_call_cost AS call
  ON call.requestid = log.requestid
  AND call.accountid = log.accountid
  AND call.lake_day = log.lake_day
GROUP BY
  1
ORDER BY
  cost_usd DESC,
  invocations DESC
