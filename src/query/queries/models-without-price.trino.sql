-- models-without-price.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  model,
  CAST(SUM(unpriced) AS BIGINT) AS unpriced_calls,
  CAST(SUM(input_tokens) AS BIGINT) AS input_tokens,
  CAST(SUM(output_tokens) AS BIGINT) AS output_tokens,
  MAX(day) AS last_day
FROM model_usage
WHERE
  unpriced > 0
GROUP BY
  1
ORDER BY
  unpriced_calls DESC
