-- The pieces of a session's output, with the pauses between them.
select
  count(*) as pieces,
  coalesce(sum(lines), 0)::bigint as lines,
  count_if(delivery = 'streamed') as streamed,
  to_json(list({'from': strftime(before, '%Y-%m-%dT%H:%M:%SZ'), 'to': strftime(eventtime, '%Y-%m-%dT%H:%M:%SZ'),
    'seconds': date_diff('second', before, eventtime)} order by eventtime)
    filter (where delivery = 'streamed' and date_diff('second', before, eventtime) > 60)) as gaps
from (
  select *, lag(eventtime) over (order by timestamp, id) as before
  from session_log
  where f_sessionid = $f_sessionid::varchar and eventtime >= $since::timestamptz and eventtime <= $until::timestamptz
)
