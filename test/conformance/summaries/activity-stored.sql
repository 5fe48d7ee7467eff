select
  time, actor, actor_kind, eventsource, eventname, errorcode, readonly, awsregion, recipientaccountid, sourceipaddress,
  lake_day, sum(events)::bigint as events
from activity_10min
group by all
