-- The batch's objects, for the ledger; times as text or as microseconds.
create or replace temp table ledger_entry (
  lake_object varchar, version varchar, bytes bigint, sha256 varchar, source varchar, envelope varchar,
  logtype varchar, outcome varchar, reason varchar, records_read bigint, records_stored bigint,
  records_repeated bigint, records_skipped bigint, records_rejected bigint, expanded_bytes bigint,
  first_time varchar, last_time varchar, since bigint, until bigint,
  records_conflicting bigint, records_unknown bigint, known_types varchar, lake_day varchar,
  expanded_sha256 varchar, trailing_bytes bigint
)
