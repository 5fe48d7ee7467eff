-- New rows without those that the lake has, those of objects that another writer brought in, those without a key that
-- an earlier reading of their object stored, and all but the first of those that are the same among themselves.
select * exclude (filename, file_row_number)
from read_parquet({{new}}, hive_partitioning = false, filename = true, file_row_number = true, union_by_name = true) as new
where lake_object not in (select lake_object from foreign_object)
  and not exists (select 1 from repeated where {{same}})
  and not (({{keyless}}) and exists (
    select 1 from stored_before where stored_before.lake_object = new.lake_object and stored_before.moment = new.{{moment}}
  ))
qualify {{keyless}} or row_number() over (partition by {{keys}} order by lake_object, filename, file_row_number) = 1
