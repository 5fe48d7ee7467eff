-- Model calls that the invocation log does not have
-- Calls on Bedrock that succeeded in CloudTrail and are in no invocation log: logging is off in that account
-- and Region, or late.
select
  accountid,
  region,
  model,
  role,
  count(*) as calls,
  min(time) as first_time,
  max(time) as last_time,
  arg_max_null(eventid, time) as last_eventid
from bedrock_call
where told_by = 'cloudtrail' and errorcode is null
group by all
order by calls desc, accountid, region
limit 1000
