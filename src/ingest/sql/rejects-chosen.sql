-- Rejects to read again, the oldest first. Excluded are conflicts, which would conflict again, empty rejects,
-- large ones (only their head is kept), and many in one row (only the first is kept).
select id, lake_object, object_version, position, byte_offset, epoch_ms(lake_ingested_at) as read_ms, bytes,
  {{whole}} as whole, code
from {{rejects}}
where code <> 'conflict' and octet_length(bytes) > 0
  and ($code::varchar is null or code = $code)
  and ($object::varchar is null or lake_object = $object)
  and (len({{ids}}::varchar[]) = 0 or exists (select 1 from unnest({{ids}}::varchar[]) as chosen(beginning) where starts_with(id, beginning)))
order by lake_ingested_at, lake_object, position, id
