-- latency.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  DATE_TRUNC('HOUR', "timestamp") AS hour,
  namespace,
  COALESCE(endpointname, modelid) AS endpoint_or_model,
  variantname,
  metric_name,
  CAST(SUM("sum") * ARBITRARY(ms_per_unit) AS DOUBLE) / NULLIF(NULLIF(SUM("count"), 0), 0) AS average_ms,
  MAX(max_ms) AS max_ms,
  MAX(CAST(JSON_EXTRACT_SCALAR("value", '$.p99') AS DOUBLE) * ms_per_unit) AS highest_p99_ms,
  SUM("count") AS invocations
FROM (
  SELECT
    *
  FROM (
    SELECT
      *,
      ROW_NUMBER() OVER (
        PARTITION BY account_id, region, namespace, metric_name, dimensions, "timestamp"
        ORDER BY "count" DESC
      ) AS window_1
    FROM cloudwatch_metric
    WHERE
      kind = 'datapoint' AND NOT ms_per_unit IS NULL
  ) AS numbered
  WHERE
    window_1 = 1
)
GROUP BY
  1,
  2,
  3,
  4,
  5
ORDER BY
  hour DESC,
  max_ms DESC
