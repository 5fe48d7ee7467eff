select
  time_bucket(interval 10 minutes, eventtime) as time, actor, actor_kind, eventsource, eventname, errorcode, readonly,
  awsregion, recipientaccountid, sourceipaddress, lake_day, count(*) as events
from cloudtrail
group by all
