-- The newest ledger row of an object.
select
  lake_object as name,
  sha256,
  bytes,
  source,
  strftime(lake_ingested_at, '%Y-%m-%dT%H:%M:%SZ') as ingested
from ledger
where lake_object = $object::varchar
order by lake_ingested_at desc
limit 1
