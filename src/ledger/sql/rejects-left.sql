-- The rejects without those that were read again with success.
select *
from {{rejects}}
where id not in (select id from replayed_reject)
