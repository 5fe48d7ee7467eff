-- New rows without these: rows that the lake has, rows of objects that another writer stored, rows without a
-- key that an earlier reading of their object stored, and all but the first of equal rows.
select * exclude (filename, file_row_number)
from read_parquet({{new}}, hive_partitioning = false, filename = true, file_row_number = true, union_by_name = true) as new
where lake_object not in (select lake_object from foreign_object)
  and not exists (select 1 from repeated where {{same}})
  and not (({{keyless}}) and exists (
    select 1 from stored_before where stored_before.lake_object = new.lake_object and stored_before.timestamp = new.{{timestamp}}
  ))
qualify {{keyless}} or row_number() over (partition by {{keys}} order by lake_object, filename, file_row_number) = 1
