-- Rejected records, newest first.
select
  reject.id,
  code,
  reject.reason,
  reject.lake_object as object,
  position,
  size,
  records,
  strftime(reject.lake_ingested_at, '%Y-%m-%dT%H:%M:%SZ') as ingested,
  coalesce(replace(replace(replace(replace(replace(left(bytes::varchar, 4000), '\x22', '"'), '\x0A', chr(10)), '\x0D', chr(13)), '\x09', chr(9)), '\x5C', '\'), '') as bytes
from reject
where ($code::varchar is null or code = $code::varchar)
  and ($source::varchar is null or reject.lake_object in (select lake_object from ledger where source = $source::varchar))
order by reject.lake_ingested_at desc, reject.lake_object, position, reject.id
limit $max::bigint offset $before::bigint
