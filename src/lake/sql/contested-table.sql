-- New rows beside rows that were there before, by the same key, where text differs: what both say, and the new row whole.
create or replace temp table contested (
  pair bigint, lake_object varchar, against varchar, whole varchar, said varchar[], known varchar[]
)
