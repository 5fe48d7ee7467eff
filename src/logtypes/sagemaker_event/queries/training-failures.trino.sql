-- training-failures.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  MAX("time") AS last_time,
  account,
  region,
  resourcetype,
  resourcename,
  status,
  ARBITRARY(failurereason) AS failurereason,
  ARBITRARY(instancetype) AS instancetype,
  ARBITRARY(instancecount) AS instancecount,
  ARBITRARY(rolearn) AS rolearn,
  ARBITRARY(image) AS image,
  MAX(
    DATE_DIFF('SECOND', DATE_TRUNC('SECOND', starttime), DATE_TRUNC('SECOND', endtime))
  ) AS seconds,
  COUNT(*) AS events
FROM sagemaker_event
WHERE
  status IN ('Failed', 'Stopped')
  AND resourcetype IN (
    'TrainingJob',
    'HyperParameterTuningJob',
    'TransformJob',
    'ProcessingJob',
    'Pipeline',
    'PipelineStep'
  )
GROUP BY
  account,
  region,
  resourcetype,
  resourcename,
  status
ORDER BY
  last_time DESC
