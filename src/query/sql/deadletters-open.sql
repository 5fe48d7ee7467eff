-- Dead letters that have not been replayed, with their messages.
select id, source, message, lake_object
from deadletter
where replayed_at is null
order by source, sent_at, id
