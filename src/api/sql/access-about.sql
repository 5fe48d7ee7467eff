-- What a person was shown about a session.
select id, operation, input, unmasked
from access_log
where subject = $subject::varchar
  and outcome = 'shown'
  and list_contains(from_json($about::json, '["varchar"]'), about)
