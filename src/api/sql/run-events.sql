-- CloudTrail's events of model calls, by their request ids.
select requestid, eventid
from cloudtrail
where eventtime >= $since::timestamptz - interval 15 minutes
  and eventtime <= $until::timestamptz + interval 15 minutes
  and eventsource = 'bedrock.amazonaws.com'
  and requestid in (select unnest(from_json($ids::json, '["varchar"]')))
