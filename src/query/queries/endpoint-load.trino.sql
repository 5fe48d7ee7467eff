-- endpoint-load.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  metric.lake_day,
  metric.endpointname,
  SUM(metric.sum) FILTER(WHERE
    metric.metric_name = 'Invocations') AS invocations,
  ROUND(
    CAST(SUM(metric.average_ms * metric.count) FILTER(WHERE
      metric.metric_name = 'ModelLatency') AS DOUBLE) / NULLIF(SUM(metric.count) FILTER(WHERE
      metric.metric_name = 'ModelLatency'), 0)
  ) AS latency_ms,
  MAX(metric.max_ms) FILTER(WHERE
    metric.metric_name = 'ModelLatency') AS slowest_ms,
  ARBITRARY(usage.identities) AS identities
FROM cloudwatch_metric AS metric
LEFT JOIN (
  SELECT
    day,
    endpoint,
    COUNT(DISTINCT who) AS identities
  FROM model_usage
  WHERE
    NOT endpoint IS NULL
  GROUP BY
    1,
    2
) AS usage
  ON usage.day = metric.lake_day AND usage.endpoint = LOWER(metric.endpointname)
WHERE
  metric.namespace = 'AWS/SageMaker' AND NOT metric.endpointname IS NULL
GROUP BY
  1,
  2
ORDER BY
  metric.lake_day DESC,
  invocations DESC
