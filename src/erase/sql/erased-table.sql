-- The number of rows removed, by object.
create or replace temp table erased (lake_object varchar, gone bigint)
