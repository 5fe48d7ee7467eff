-- alarms.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  "timestamp",
  kind,
  alarmname,
  previousstate,
  state,
  "timestamp" - previoustimestamp AS lasted,
  metric_name,
  endpointname,
  modelid,
  threshold,
  reason,
  operation,
  id
FROM cloudwatch_metric
WHERE
  kind <> 'datapoint'
ORDER BY
  "timestamp" DESC
