-- The row's day is the one in the object's key, so that an object is looked up on one day.
select * replace (
  first_time::timestamptz as first_time, last_time::timestamptz as last_time,
  make_timestamptz(since) as since, make_timestamptz(until) as until, lake_day::date as lake_day
), make_timestamptz({{now}}) as lake_ingested_at, null::bigint as records_erased
from ledger_entry
