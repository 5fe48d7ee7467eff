-- Who invokes which endpoint
-- Invocations of SageMaker endpoints by caller, from data events, which name the endpoint in the resources
-- and have no payload.
select
  lower(coalesce(
    nullif(regexp_extract(json_extract_string(resources, '$[0].ARN'), 'endpoint/(.+)$', 1), ''),
    json_extract_string(requestparameters, '$.endpointName')
  )) as endpointname,
  actor_kind,
  actor,
  useridentity_inscopeof_credentialsissuedto as on_behalf_of,
  eventname,
  count(*) as invocations,
  count(*) filter (errorcode is not null) as failed,
  min(eventtime) as first_time,
  max(eventtime) as last_time,
  arg_max_null(eventid, eventtime) as last_eventid
from cloudtrail
where eventsource = 'sagemaker.amazonaws.com'
  and eventname in ('InvokeEndpoint', 'InvokeEndpointAsync', 'InvokeEndpointWithResponseStream')
group by 1, 2, 3, 4, 5
order by invocations desc
limit 1000
