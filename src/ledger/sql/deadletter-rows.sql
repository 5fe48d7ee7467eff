-- The day is that of the message's sending, so that a message that arrives again is found there.
select
  * replace (make_timestamptz(sent_at) as sent_at, make_timestamptz(replayed_at) as replayed_at),
  make_timestamp(sent_at)::date as lake_day, make_timestamptz({{now}}) as lake_ingested_at
from deadletter_entry
