-- instances-without-room.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  DATE_TRUNC('HOUR', "timestamp") AS hour,
  endpointname,
  variantname,
  metric_name,
  MAX("max") AS highest,
  CAST(SUM("sum") AS DOUBLE) / NULLIF(NULLIF(SUM("count"), 0), 0) AS average
FROM cloudwatch_metric
WHERE
  kind = 'datapoint'
  AND namespace IN ('/aws/sagemaker/Endpoints', '/aws/sagemaker/InferenceComponents')
  AND metric_name LIKE '%Utilization%'
GROUP BY
  1,
  2,
  3,
  4
ORDER BY
  highest DESC,
  hour DESC
