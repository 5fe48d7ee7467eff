-- endpoint-errors.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  DATE_TRUNC('HOUR', "timestamp") AS hour,
  namespace,
  COALESCE(endpointname, modelid) AS endpoint_or_model,
  variantname,
  SUM("sum") FILTER(WHERE
    metric_name = 'Invocations') AS invocations,
  SUM("sum") FILTER(WHERE
    metric_name IN ('Invocation4XXErrors', 'InvocationClientErrors')) AS client_errors,
  SUM("sum") FILTER(WHERE
    metric_name IN ('Invocation5XXErrors', 'InvocationServerErrors')) AS server_errors,
  SUM("sum") FILTER(WHERE
    metric_name = 'InvocationModelErrors') AS model_errors,
  SUM("sum") FILTER(WHERE
    metric_name = 'InvocationThrottles') AS throttles
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
      kind = 'datapoint' AND namespace IN ('AWS/SageMaker', 'AWS/Bedrock')
  ) AS numbered
  WHERE
    window_1 = 1
)
GROUP BY
  1,
  2,
  3,
  4
ORDER BY
  hour DESC,
  invocations DESC
