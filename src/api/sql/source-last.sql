-- Of each source the object that was read last, and the last error that the tables have of it: of an object, of a
-- record in it, or of a message.
with object as (
  select
    source,
    max_by(lake_object, row(lake_ingested_at, coalesce(last_time, 'epoch'::timestamptz), lake_object)) as last_object
  from ledger
  where source is not null and outcome <> 'left-out'
  group by source
), error as (
  select source, reason, lake_object as object, lake_ingested_at as moment
  from ledger
  where outcome = 'rejected' and reason is not null
  union all
  select ledger.source, reject.reason, reject.lake_object, reject.lake_ingested_at
  from reject
  join ledger on ledger.lake_object = reject.lake_object and ledger.version = reject.object_version
  where reject.reason is not null
  union all
  select source, reason, null, lake_ingested_at
  from deadletter
  where replayed_at is null
), last_error as (
  select
    source,
    max_by(reason, moment) as reason,
    max_by(coalesce(object, ''), moment) as object,
    max(moment) as moment
  from error
  where source is not null
  group by source
)
select
  source,
  last_object,
  reason,
  nullif(object, '') as object,
  strftime(moment, '%Y-%m-%dT%H:%M:%SZ') as "at"
from object
full join last_error using (source)
