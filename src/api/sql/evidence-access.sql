-- The access log about a session or its review.
select id, strftime(time, '%Y-%m-%dT%H:%M:%S.%gZ') as time, subject, name, role, signed_in, address, operation, about, outcome,
  rows, unmasked, lake_version
from access_log
where list_contains(from_json($about::json, '["varchar"]'), about)
order by access_log.time, id
