-- cost-by-model.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  day,
  model,
  CAST(SUM(invocations) AS BIGINT) AS invocations,
  CAST(SUM(input_tokens) AS BIGINT) AS input_tokens,
  CAST(SUM(output_tokens) AS BIGINT) AS output_tokens,
  CAST(SUM(cache_read_tokens) AS BIGINT) AS cache_read_tokens,
  CASE WHEN SUM(unpriced) = 0 THEN ROUND(SUM(cost_usd), 4) END AS cost_usd
FROM model_usage
WHERE
  service = 'bedrock'
GROUP BY
  1,
  2
ORDER BY
  day DESC,
  cost_usd DESC,
  invocations DESC
