-- The ledger's rows of these objects.
select
  lake_object, version, sha256, outcome, records_stored, records_skipped,
  ({{conflicting}})::bigint as records_conflicting, ({{unknown}})::bigint as records_unknown, {{types}} as known_types, ({{erased}})::bigint as records_erased,
  epoch_us(since) as since, epoch_us(until) as until, filename
from {{ledger}}
where lake_object in (select unnest({{objects}}::varchar[]))
