-- Objects of each log type; one with several log types counts for each.
select
  each.logtype,
  count(*) as objects,
  sum(records_repeated) as records_repeated,
  sum(records_rejected) as records_rejected,
  epoch_ms(max(lake_ingested_at)) as last_commit_ms,
  epoch_ms(max(last_time)) as newest_ms
from ledger, (select unnest(string_split(ledger.logtype, ', ')) as logtype) as each
group by each.logtype
order by each.logtype
