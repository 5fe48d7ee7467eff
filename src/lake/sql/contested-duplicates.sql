-- New rows with the key of another new row, paired with the first of these, which stays (see
-- without-duplicates.sql). They are found by the key columns; all columns are read only for these rows, once.
insert into contested
with twin as materialized (
  select
    filename as twin_file, file_row_number as twin_row,
    row_number() over (partition by {{keys}} order by lake_object, filename, file_row_number) as place
  from (select {{keys}}, lake_object, filename, file_row_number from {{new}}) as new
  where lake_object not in (select lake_object from foreign_object)
    and not exists (select 1 from repeated where {{repeated}})
    and ({{keys}}) in (
      select ({{keys}}) from {{new}} where {{present}} group by {{keys}} having count(*) > 1
    )
), own as materialized (
  select new.*, place
  from (select *, filename as own_file, file_row_number as own_row from {{new}}) as new
  join twin on own_file = twin_file and own_row = twin_row
)
select nextval('contested_pair'), new.lake_object, old.lake_object, {{whole}}, [{{said}}], [{{known}}]
from own as new
join own as old on {{same}}
where old.place = 1 and new.place > 1 and ({{differ}})
