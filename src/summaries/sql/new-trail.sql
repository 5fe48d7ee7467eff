-- The new CloudTrail rows that sessions and model calls are computed from, in few columns.
create or replace temp table new_trail as
select
  eventid, eventtime, eventsource, eventname, requestid, recipientaccountid, f_sessionid
from {{rows}}
where
  (eventsource = 'ssm.amazonaws.com' and eventname in ('StartSession', 'ResumeSession', 'TerminateSession'))
  or (
    eventsource = 'bedrock.amazonaws.com'
    and eventname in ('InvokeModel', 'InvokeModelWithResponseStream', 'Converse', 'ConverseStream')
  )
  or (
    eventsource = 'sagemaker.amazonaws.com'
    and eventname in ('InvokeEndpoint', 'InvokeEndpointWithResponseStream', 'InvokeEndpointAsync')
  )
