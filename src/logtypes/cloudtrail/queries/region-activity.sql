-- Activity by Region
-- Calls per account and Region, with the changes among them: an unused Region should have none.
select
  recipientaccountid,
  awsregion,
  count(*) as calls,
  count(case when readonly = false then 1 end) as changes,
  count(distinct useridentity_arn) as identities,
  count(distinct eventsource) as services,
  min(eventtime) as first_time,
  max(eventtime) as last_time
from cloudtrail
group by 1, 2
order by calls, recipientaccountid, awsregion
limit 1000
