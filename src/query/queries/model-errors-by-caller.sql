-- Failed model calls
-- Which calls of models failed, why, for whom and how often: throttling, missing permissions, wrong requests.
select
  errorcode,
  model,
  role,
  who,
  count(*) as failed,
  min(time) as first_time,
  max(time) as last_time,
  arg_max_null(coalesce(eventid, requestid), time) as last_event
from bedrock_call
where errorcode is not null
group by all
order by failed desc, last_time desc
limit 1000
