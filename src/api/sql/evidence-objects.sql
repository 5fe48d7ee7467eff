-- The newest ledger row of each object.
select lake_object as name, version, bytes, sha256, envelope, source, coalesce(records_erased, 0) as records_erased,
  strftime(lake_ingested_at, '%Y-%m-%dT%H:%M:%SZ') as ingested
from ledger
where lake_object in (select unnest(from_json($names::json, '["varchar"]')))
qualify row_number() over (partition by lake_object order by lake_ingested_at desc) = 1
order by lake_object
