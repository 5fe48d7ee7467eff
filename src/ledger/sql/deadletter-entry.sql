-- The batch's dead letters; times in microseconds.
create or replace temp table deadletter_entry (
  id varchar, code varchar, reason varchar, message varchar, source varchar, queue varchar, message_id varchar,
  sent_at bigint, receives bigint, replayed_at bigint, lake_object varchar
)
