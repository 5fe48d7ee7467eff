-- Every object with all versions of it that were read, and the source that delivered the newest.
select
  lake_object, arg_max(source, lake_ingested_at) as source,
  list(version order by lake_ingested_at) as versions, list(sha256 order by lake_ingested_at) as hashes
from {{ledger}}
where sha256 is not null
group by lake_object
order by lake_object
