-- What the ledger says of these objects.
select
  lake_object, version, sha256, outcome, records_stored, records_skipped,
  epoch_us(since) as since, epoch_us(until) as until, filename
from read_parquet({{ledger}}, filename = true, hive_partitioning = false)
where lake_object in (select unnest({{objects}}::varchar[]))
