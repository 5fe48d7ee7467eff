-- The access log about a session, for one person.
select id, operation, input, unmasked
from access_log
where subject = $subject::varchar
  and outcome = 'shown'
  and list_contains(from_json($about::json, '["varchar"]'), about)
