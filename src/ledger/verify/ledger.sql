-- Objects whose records do not add up, or whose rejects are not all kept.
with kept as (
  select lake_object, object_version, sum(coalesce(records, 1))::bigint as rejects
  from {{rejects}}
  group by all
)
select
  coalesce(ledger.lake_object, kept.lake_object) as lake_object,
  records_read, records_stored, records_repeated, records_skipped, records_rejected,
  coalesce(rejects, 0) as rejects
from {{ledger}} as ledger
full join kept on kept.lake_object = ledger.lake_object and kept.object_version = ledger.version
where records_read is distinct from records_stored + records_repeated + records_skipped + records_rejected
  or records_rejected is distinct from coalesce(rejects, 0)
order by all
limit 1000
