-- Pairs of a new row and the stored row with the same key that differ as text: the content of both, and the
-- whole new row.
create or replace temp table contested (
  pair bigint, lake_object varchar, against varchar, whole varchar, said varchar[], known varchar[]
)
