create or replace temp table reject_entry (
  id varchar, code varchar, reason varchar, position bigint, byte_offset bigint, bytes blob,
  object_version varchar, lake_object varchar, lake_day varchar,
  size bigint, sha256 varchar, records bigint
)
