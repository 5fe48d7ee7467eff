-- The ledger's rows of an object: every version that was read.
select
  arg_max(source, lake_ingested_at) as source,
  list(version order by lake_ingested_at) as versions,
  list(sha256 order by lake_ingested_at) as hashes
from ledger
where lake_object = $object and sha256 is not null
group by lake_object
