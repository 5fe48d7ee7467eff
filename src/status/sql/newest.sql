-- The newest object of each source, and the number of objects in the last days, without the doctor's test
-- objects.
select
  ledger.source,
  arg_max(lake_object, lake_ingested_at) as object,
  epoch_ms(max(lake_ingested_at)) as committed_ms,
  count_if(lake_ingested_at >= now() - to_days($days::integer)) as objects,
  coalesce(sum(bytes) filter (where lake_ingested_at >= now() - to_days($days::integer)), 0) as bytes
from ledger
where outcome <> 'left-out' and lake_object not like '%/loglake-doctor/%'
group by ledger.source
order by ledger.source
