-- How many rows of each object go.
create or replace temp table erased (lake_object varchar, gone bigint)
