-- Findings about a person around a span of time.
select
  id,
  title,
  severity,
  strftime(time, '%Y-%m-%dT%H:%M:%S.%gZ') as time,
  evidence ->> '$[0].id' as event
from finding
where time >= $since::timestamptz - interval 15 minutes
  and time <= $until::timestamptz + interval 15 minutes
  and (actor = $arn::varchar or split_part(split_part(actor, ' via ', 1), '/', -1) = $who::varchar)
order by finding.time, id
limit 500
