-- CloudTrail events of model calls, by request id.
select requestid, eventid
from cloudtrail
where eventtime >= $since::timestamptz - interval 15 minutes
  and eventtime <= $until::timestamptz + interval 15 minutes
  and eventsource = 'bedrock.amazonaws.com'
  and requestid in (select unnest(from_json($ids::json, '["varchar"]')))
