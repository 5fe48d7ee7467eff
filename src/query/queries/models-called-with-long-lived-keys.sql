-- Models called with long-lived keys
-- Calls of models signed with an IAM user's access key, which does not expire: their origin, and whether they
-- succeeded.
select
  useridentity_accesskeyid,
  who,
  sourceipaddress,
  useragent,
  count(*) as calls,
  count(errorcode) as failed,
  list(distinct model order by model) as models,
  min(time) as first_time,
  max(time) as last_time,
  arg_max_null(eventid, time) as last_eventid
from bedrock_call
where useridentity_accesskeyid like 'AKIA%'
group by all
order by calls desc
limit 1000
