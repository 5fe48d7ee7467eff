-- The access log, newest first.
select
  id,
  strftime(time, '%Y-%m-%dT%H:%M:%S.%gZ') as time,
  subject, name, role, signed_in, address, operation, about, input, outcome, rows, unmasked, lake_version
from access_log
where time >= $since::timestamptz and time < $until::timestamptz
  and ($before_time::timestamptz is null or (time, id) < ($before_time::timestamptz, $before_id::varchar))
  and {{where}}
order by access_log.time desc, id desc
limit $max::bigint
