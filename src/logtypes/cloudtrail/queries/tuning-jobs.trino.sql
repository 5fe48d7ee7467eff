-- tuning-jobs.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  eventtime,
  eventname,
  actor,
  COALESCE(
    JSON_EXTRACT_SCALAR(serviceeventdetails, '$.trainingJobName'),
    COALESCE(
      REGEXP_EXTRACT(JSON_EXTRACT_SCALAR(resources, '$[0].ARN'), 'training-job/(.+)$', 1),
      IF(NOT JSON_EXTRACT_SCALAR(resources, '$[0].ARN') IS NULL, '')
    )
  ) AS trainingjobname,
  serviceeventdetails,
  recipientaccountid,
  awsregion,
  eventid
FROM cloudtrail
WHERE
  eventsource = 'sagemaker.amazonaws.com' AND eventtype = 'AwsServiceEvent'
ORDER BY
  eventtime DESC
