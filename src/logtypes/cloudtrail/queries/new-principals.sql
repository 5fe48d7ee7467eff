-- New callers of SageMaker and Bedrock
-- Who called SageMaker or Bedrock for the first time, newest first: in the lake's first days that is everybody.
select
  min(eventtime) as first_time,
  actor_kind,
  actor,
  recipientaccountid,
  min_by(eventname, eventtime) as first_call,
  min_by(sourceipaddress, eventtime) as first_address,
  count(*) as calls,
  count(*) filter (errorcode is not null) as failed,
  count(distinct awsregion) as regions,
  min_by(eventid, eventtime) as first_eventid
from cloudtrail
where eventsource in ('sagemaker.amazonaws.com', 'bedrock.amazonaws.com', 'bedrock-agent.amazonaws.com', 'bedrock-mantle.amazonaws.com')
  and actor_kind <> 'AWS service'
group by actor_kind, actor, recipientaccountid
order by first_time desc
limit 1000
