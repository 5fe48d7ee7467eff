-- The rejects whose id has this prefix, with their bytes.
select id, code, reason, lake_object, position, byte_offset, bytes, object_version, lake_ingested_at
from reject
where starts_with(id, $id)
order by id
limit 20
