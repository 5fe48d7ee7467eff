select
  coalesce(
    useridentity_sessioncontext_sourceidentity,
    split_part(useridentity_arn, '/', -1),
    'account ' || useridentity_accountid
  ) as who,
  split_part(eventsource, '.', 1) || ':' || eventname as action,
  count(*) as denied,
  min(eventtime) as first,
  max(eventtime) as last
from cloudtrail
where errorcode like '%AccessDenied%' or errorcode like '%UnauthorizedOperation%'
group by who, action
order by denied desc, first
limit 10
