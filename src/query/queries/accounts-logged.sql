-- Accounts that we log
-- Each account in CloudTrail and in the invocation log of Bedrock, with its Regions, its events and the first and
-- last of them.
select
  recipientaccountid as account,
  'cloudtrail' as log,
  count(distinct awsregion) as regions,
  count(*) as events,
  min(eventtime) as first_event,
  max(eventtime) as last_event
from cloudtrail
group by recipientaccountid
union all
select accountid, 'bedrock_invocation', count(distinct region), count(*), min(timestamp), max(timestamp)
from bedrock_invocation
group by accountid
order by account, log
limit 1000
