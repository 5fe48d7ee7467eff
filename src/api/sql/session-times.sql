-- Whether a session's output has times: how much of it was streamed, and whether its times run forward.
select
  count(*) as pieces,
  count_if(streamed) as streamed,
  coalesce(bool_or(streamed and date_trunc('second', eventtime) < date_trunc('second', before)), false) as backwards
from (
  select
    eventtime,
    delivery = 'streamed' as streamed,
    lag(eventtime) over (partition by delivery = 'streamed' order by piece, timestamp, id) as before
  from session_log
  where f_sessionid = $f_sessionid::varchar and eventtime >= $since::timestamptz and eventtime <= $until::timestamptz
)
