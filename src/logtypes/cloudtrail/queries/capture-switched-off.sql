-- Recording switched off
-- Callers that turned off data capture, monitoring, model invocation logging, a guardrail or a trail.
with configuration as (
  select
    recipientaccountid,
    awsregion,
    json_extract_string(requestparameters, '$.endpointConfigName') as name,
    coalesce(json_extract_string(requestparameters, '$.dataCaptureConfig.enableCapture'), 'false') as captures,
    eventtime
  from cloudtrail
  where eventsource = 'sagemaker.amazonaws.com' and eventname = 'CreateEndpointConfig' and errorcode is null
)
select
  changed.eventtime,
  changed.actor_kind,
  changed.actor,
  changed.eventname,
  coalesce(
    json_extract_string(changed.requestparameters, '$.endpointName'),
    json_extract_string(changed.requestparameters, '$.monitoringScheduleName'),
    json_extract_string(changed.requestparameters, '$.guardrailIdentifier'),
    json_extract_string(changed.requestparameters, '$.name'),
    json_extract_string(changed.requestparameters, '$.trailName')
  ) as of_what,
  json_extract_string(changed.requestparameters, '$.endpointConfigName') as endpointconfigname,
  changed.errorcode,
  changed.sourceipaddress,
  changed.recipientaccountid,
  changed.awsregion,
  changed.eventid
from cloudtrail as changed
left join configuration
  on changed.eventname in ('CreateEndpoint', 'UpdateEndpoint')
  and configuration.recipientaccountid = changed.recipientaccountid
  and configuration.awsregion = changed.awsregion
  and configuration.name = json_extract_string(changed.requestparameters, '$.endpointConfigName')
  and configuration.eventtime <= changed.eventtime
where (
  changed.eventsource = 'sagemaker.amazonaws.com'
  and (
    changed.eventname in ('DeleteMonitoringSchedule', 'StopMonitoringSchedule')
    -- an endpoint that gets a configuration which does not capture
    or (changed.eventname in ('CreateEndpoint', 'UpdateEndpoint') and configuration.captures = 'false')
  )
)
or (
  changed.eventsource = 'bedrock.amazonaws.com'
  and changed.eventname in ('DeleteModelInvocationLoggingConfiguration', 'DeleteGuardrail')
)
or (
  changed.eventsource = 'cloudtrail.amazonaws.com'
  and changed.eventname in ('StopLogging', 'DeleteTrail', 'PutEventSelectors', 'DeleteEventDataStore', 'StopEventDataStoreIngestion')
)
order by changed.eventtime desc
limit 1000
