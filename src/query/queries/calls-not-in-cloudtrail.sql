-- Model calls that CloudTrail does not have
-- Calls that the invocation log has and no trail has: the trail excludes them, its file is late, or it was
-- lost.
select
  accountid,
  region,
  model,
  role,
  count(*) as calls,
  min(time) as first_time,
  max(time) as last_time,
  arg_max_null(requestid, time) as last_requestid
from bedrock_call
where told_by = 'invocation log'
group by all
order by calls desc, accountid, region
limit 1000
