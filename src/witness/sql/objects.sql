-- A commit's records of objects, sorted by name.
select
  lake_object, version, sha256, expanded_sha256, outcome,
  records_stored::varchar as stored, coalesce(records_erased, 0)::varchar as erased
from {{ledger}}
order by lake_object, version, sha256
