-- New callers of SageMaker and Bedrock
-- First calls of SageMaker or Bedrock by each caller, newest first: in the first days of a lake, every caller
-- is new.
select
  min(eventtime) as first_time,
  actor_kind,
  actor,
  recipientaccountid,
  arg_min_null(eventname, eventtime) as first_call,
  arg_min_null(sourceipaddress, eventtime) as first_address,
  count(*) as calls,
  count(*) filter (errorcode is not null) as failed,
  count(distinct awsregion) as regions,
  arg_min_null(eventid, eventtime) as first_eventid
from cloudtrail
where eventsource in ('sagemaker.amazonaws.com', 'bedrock.amazonaws.com', 'bedrock-agent.amazonaws.com', 'bedrock-mantle.amazonaws.com')
  and actor_kind <> 'AWS service'
group by actor_kind, actor, recipientaccountid
order by first_time desc
limit 1000
