-- Denied calls by caller
-- Denied calls by caller and operation, with their number and the last time: probing, or a missing
-- permission.
select
  coalesce(useridentity_sessioncontext_sessionissuer_arn, useridentity_arn, useridentity_principalid) as caller,
  eventsource,
  eventname,
  errorcode,
  count(*) as denied,
  min(eventtime) as first_time,
  max(eventtime) as last_time,
  arg_max_null(eventid, eventtime) as last_eventid
from cloudtrail
where errorcode in ('AccessDenied', 'AccessDeniedException', 'VpceAccessDenied', 'UnauthorizedOperation')
  or errorcode like '%.UnauthorizedOperation'
  or errorcode like '%.AccessDenied'
group by 1, 2, 3, 4
order by denied desc, last_time desc
limit 1000
