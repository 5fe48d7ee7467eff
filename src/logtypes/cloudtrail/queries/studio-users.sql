-- What Studio users did
-- Calls from SageMaker Studio by user profile; without source identities, all users of a role appear as
-- SageMaker.
select
  coalesce(useridentity_sessioncontext_sourceidentity, 'not told') as userprofilename,
  actor,
  eventsource,
  eventname,
  count(*) as calls,
  count(*) filter (errorcode is not null) as failed,
  min(eventtime) as first_time,
  max(eventtime) as last_time
from cloudtrail
where useridentity_arn like '%/SageMaker'
group by 1, 2, 3, 4
order by last_time desc
limit 1000
