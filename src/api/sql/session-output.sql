-- One page of a session's pieces of output, in order.
select
  id,
  case when delivery = 'streamed' then strftime(eventtime, '%Y-%m-%dT%H:%M:%SZ') end as at,
  coalesce(text, '') as text,
  coalesce(lines, 0) as lines,
  delivery,
  before as first_line,
  case when $raw::boolean then coalesce(output, sessiondata) end as raw,
  coalesce(contains(coalesce(output, sessiondata), chr(27)) or contains(coalesce(output, sessiondata), '\u001b'), false) as escapes,
  n
from (
  select
    *,
    row_number() over in_order as n,
    coalesce(sum(lines) over (in_order rows between unbounded preceding and 1 preceding), 0)::bigint as before
  from session_log
  where f_sessionid = $f_sessionid::varchar and eventtime >= $since::timestamptz and eventtime <= $until::timestamptz
  window in_order as (order by piece, timestamp, id)
)
where n > $after::bigint
order by n
limit $max::bigint
