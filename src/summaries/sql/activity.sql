-- Calls of the new rows by ten minutes, and by all columns that a page filters by.
select
  -- Integer division costs a third of date_trunc.
  make_timestamptz(epoch_us(eventtime) // 600000000 * 600000000) as time,
  actor,
  actor_kind,
  eventsource,
  eventname,
  errorcode,
  readonly,
  awsregion,
  recipientaccountid,
  sourceipaddress,
  count(*) as events,
  lake_day,
  now() as lake_ingested_at
from {{rows}}
group by all
