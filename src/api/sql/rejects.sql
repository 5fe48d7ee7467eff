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
{{chosen}}
