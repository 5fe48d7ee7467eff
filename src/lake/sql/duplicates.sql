-- Keys of new rows that the lake already has; an exact comparison, where the filters said "perhaps".
insert into repeated
select distinct {{keys}}
from read_parquet({{new}}, hive_partitioning = false) as new
where {{suspected}}
  and exists (
    select 1
    from read_parquet({{old}}, hive_partitioning = false) as old
    where {{same}} and {{near}}
  )
