-- Records that could not be read, the newest first, with the total count.
select
  id, code, reason, lake_object, position, byte_offset, octet_length(bytes) as kept_bytes, object_version,
  lake_ingested_at, count(*) over () as in_all
from reject
where ($code::varchar is null or code = $code)
  and ($pattern::varchar is null or lake_object like $pattern)
order by lake_ingested_at desc, lake_object, position
limit $max
