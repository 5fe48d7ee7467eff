-- Rejected records without their bytes, and the number of all.
select
  id, code, reason, lake_object, position, byte_offset, octet_length(bytes) as kept_bytes, object_version,
  lake_ingested_at, count(*) over () as in_all
{{chosen}}
