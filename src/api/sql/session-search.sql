-- Pieces of output that contain a text.
select id, f_sessionid, strftime(eventtime, '%Y-%m-%dT%H:%M:%SZ') as at, delivery, text,
  split_part(useridentity_arn, '/', -1) as who
from session_log
where eventtime >= $since::timestamptz
  and eventtime < $until::timestamptz
  and ($f_sessionid::varchar is null or f_sessionid = $f_sessionid::varchar)
  and contains(text, $q::varchar)
order by eventtime desc, id
limit $max::bigint
