-- Objects that the filters of each source excluded, by filter.
select
  source, reason, count(*) as objects, min(lake_object) as first, max(lake_object) as last,
  epoch_ms(max(lake_ingested_at)) as last_commit_ms
from ledger
where outcome = 'left-out'
group by source, reason
order by source, objects desc, reason
