-- Objects of each source.
select
  ledger.source,
  count_if(outcome <> 'left-out') as objects,
  count_if(outcome = 'rejected') as objects_rejected,
  sum(records_read) as records_read,
  sum(records_stored) as records_stored,
  sum(records_repeated) as records_repeated,
  sum(records_skipped) as records_skipped,
  sum(records_rejected) as records_rejected,
  sum(records_conflicting) as records_conflicting,
  epoch_ms(max(lake_ingested_at)) as last_commit_ms,
  epoch_ms(max(last_time)) as newest_ms
from ledger
group by ledger.source
order by ledger.source
