-- Training jobs that tuning started
-- Service events of hyperparameter tuning: SageMaker starts and stops the jobs itself, without a caller.
select
  eventtime,
  eventname,
  actor,
  coalesce(
    json_extract_string(serviceeventdetails, '$.trainingJobName'),
    regexp_extract(json_extract_string(resources, '$[0].ARN'), 'training-job/(.+)$', 1)
  ) as trainingjobname,
  serviceeventdetails,
  recipientaccountid,
  awsregion,
  eventid
from cloudtrail
where eventsource = 'sagemaker.amazonaws.com' and eventtype = 'AwsServiceEvent'
order by eventtime desc
limit 1000
