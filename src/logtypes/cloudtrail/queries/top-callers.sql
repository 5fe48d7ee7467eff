-- Busiest callers
-- Callers with the most calls, by role instead of session, with the share of failed calls.
select
  coalesce(
    useridentity_sessioncontext_sessionissuer_arn,
    useridentity_arn,
    useridentity_invokedby,
    useridentity_principalid
  ) as caller,
  max(useridentity_type) as type,
  count(*) as calls,
  count(errorcode) as failed,
  count(distinct eventname) as operations,
  count(distinct sourceipaddress) as addresses,
  min(eventtime) as first_time,
  max(eventtime) as last_time
from cloudtrail
group by 1
order by calls desc, caller
limit 100
