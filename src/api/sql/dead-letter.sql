-- The dead letters whose id has this prefix, with their messages.
select id, code, reason, source, queue, message_id, lake_object, sent_at, receives, replayed_at, message
from deadletter
where starts_with(id, $id)
order by id
limit 20
