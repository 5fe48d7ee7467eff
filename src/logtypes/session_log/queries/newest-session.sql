-- The newest session, as a person saw it
-- Every piece of output of the session that was last heard of, in order, with what its terminal showed.
select
  eventtime,
  coalesce("timestamp", eventtime) as sent,
  useridentity_arn as who,
  target_id as machine,
  runasuser,
  text,
  sessionid,
  id
from session_log
where f_sessionid = (
  select f_sessionid from session_log where f_sessionid is not null order by eventtime desc, f_sessionid limit 1
)
order by sent, id, piece
limit 10000
