-- Dead letters, the newest first: whether the object of each is in the lake by now, and the total count.
with letters as (
  select
    *,
    lake_object is not null and lake_object in (select ledger.lake_object from ledger) as in_lake
  from deadletter
)
select
  id, code, reason, source, queue, message_id, lake_object, sent_at, receives, replayed_at, in_lake,
  count(*) over () as in_all
from letters
where ($everything::boolean or (replayed_at is null and not in_lake))
  and ($code::varchar is null or code = $code)
order by sent_at desc, id
limit $max offset $before
