-- Failed jobs of SageMaker, and who started them
-- Training, processing, transform and tuning jobs that failed, joined to the call that started each.
select
  event.time,
  event.resourcetype,
  event.resourcename,
  event.failurereason,
  event.instancetype,
  event.instancecount,
  event.billableseconds,
  coalesce(call.useridentity_sessioncontext_sourceidentity, call.useridentity_arn) as started_by,
  call.eventtime as started,
  call.sourceipaddress,
  call.eventid
from sagemaker_event as event
left join cloudtrail as call
  on call.eventsource = 'sagemaker.amazonaws.com'
  and call.eventname in (
    'CreateTrainingJob', 'CreateProcessingJob', 'CreateTransformJob', 'CreateHyperParameterTuningJob'
  )
  and call.recipientaccountid = event.account
  and event.resourcename = coalesce(
    call.requestparameters ->> '$.trainingJobName',
    call.requestparameters ->> '$.processingJobName',
    call.requestparameters ->> '$.transformJobName',
    call.requestparameters ->> '$.hyperParameterTuningJobName'
  )
where event.status = 'Failed'
order by event.time desc
limit 1000
