-- Changes in Regions that are hardly used
-- SageMaker and Bedrock used in a Region with less than one percent of the calls of its account: use your own
-- list of Regions instead.
with usage as (
  select
    recipientaccountid,
    awsregion,
    count(*) / sum(count(*)) over (partition by recipientaccountid) as share
  from cloudtrail
  group by recipientaccountid, awsregion
)
select
  cloudtrail.eventtime,
  cloudtrail.recipientaccountid,
  cloudtrail.awsregion,
  usage.share,
  cloudtrail.actor_kind,
  cloudtrail.actor,
  cloudtrail.eventsource,
  cloudtrail.eventname,
  cloudtrail.errorcode,
  cloudtrail.sourceipaddress,
  cloudtrail.eventid
from cloudtrail
join usage
  on usage.recipientaccountid = cloudtrail.recipientaccountid and usage.awsregion = cloudtrail.awsregion
where usage.share < 0.01
  and cloudtrail.eventsource in ('sagemaker.amazonaws.com', 'bedrock.amazonaws.com', 'bedrock-agent.amazonaws.com')
order by cloudtrail.eventtime desc
limit 1000
