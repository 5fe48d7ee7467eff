-- Hours without any CloudTrail event
-- Accounts and Regions with events before and after, and none in between: a trail that was off, or files that
-- never came.
-- hours: Silence of at least this many hours counts, 6 by default.
select
  recipientaccountid,
  awsregion,
  before as silent_from,
  eventtime as silent_until,
  date_diff('hour', before, eventtime) as hours
from (
  select
    recipientaccountid,
    awsregion,
    eventtime,
    lag(eventtime) over (partition by recipientaccountid, awsregion order by eventtime) as before
  from cloudtrail
)
where date_diff('hour', before, eventtime) >= coalesce($hours::integer, 6)
order by hours desc, silent_from
limit 1000
