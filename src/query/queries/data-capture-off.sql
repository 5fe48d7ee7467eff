-- Endpoints without data capture
-- Endpoint configurations that capture nothing, or not both sides, and the endpoints that were created with them or moved to them.
with config as (
  select
    eventtime,
    recipientaccountid,
    awsregion,
    requestparameters ->> '$.endpointConfigName' as config,
    coalesce((requestparameters ->> '$.dataCaptureConfig.enableCapture')::boolean, false) as captures,
    (requestparameters ->> '$.dataCaptureConfig.initialSamplingPercentage')::integer as sampled_percent,
    useridentity_arn,
    eventid
  from cloudtrail
  where eventsource = 'sagemaker.amazonaws.com' and eventname = 'CreateEndpointConfig' and errorcode is null
)
select
  config.eventtime as configured,
  config.config,
  config.captures,
  config.sampled_percent,
  config.useridentity_arn as configured_by,
  used.eventtime as used,
  used.eventname,
  used.requestparameters ->> '$.endpointName' as endpoint,
  used.useridentity_arn as used_by,
  coalesce(used.eventid, config.eventid) as eventid
from config
left join cloudtrail as used
  on used.eventsource = 'sagemaker.amazonaws.com'
  and used.eventname in ('CreateEndpoint', 'UpdateEndpoint')
  and used.errorcode is null
  and (used.requestparameters ->> '$.endpointConfigName') = config.config
  and used.recipientaccountid = config.recipientaccountid
  and used.awsregion = config.awsregion
where not config.captures or config.sampled_percent < 100
order by coalesce(used.eventtime, config.eventtime) desc
limit 1000
