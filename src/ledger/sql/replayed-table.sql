-- Changes that the replay of rejects makes to an object's row in the ledger.
create or replace temp table replayed (
  lake_object varchar, version varchar, read bigint, stored bigint, repeated bigint, skipped bigint, rejected bigint,
  conflicting bigint, unknown bigint, logtypes varchar, first_time varchar, last_time varchar
)
