-- who-started-failed-jobs.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  event.time,
  event.resourcetype,
  event.resourcename,
  event.failurereason,
  event.instancetype,
  event.instancecount,
  event.billableseconds,
  COALESCE(call.useridentity_sessioncontext_sourceidentity, call.useridentity_arn) AS started_by,
  call.eventtime AS started,
  call.sourceipaddress,
  call.eventid
FROM sagemaker_event AS event
LEFT JOIN cloudtrail AS call
  ON call.eventsource = 'sagemaker.amazonaws.com'
  AND call.eventname IN (
    'CreateTrainingJob',
    'CreateProcessingJob',
    'CreateTransformJob',
    'CreateHyperParameterTuningJob'
  )
  AND call.recipientaccountid = event.account
  AND event.resourcename = COALESCE(
    JSON_EXTRACT_SCALAR(call.requestparameters, '$.trainingJobName'),
    JSON_EXTRACT_SCALAR(call.requestparameters, '$.processingJobName'),
    JSON_EXTRACT_SCALAR(call.requestparameters, '$.transformJobName'),
    JSON_EXTRACT_SCALAR(call.requestparameters, '$.hyperParameterTuningJobName')
  )
WHERE
  event.status = 'Failed'
ORDER BY
  event.time DESC
