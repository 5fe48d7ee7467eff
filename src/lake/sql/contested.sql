-- New rows whose key the lake has, paired with the stored rows.
insert into contested
select nextval('contested_pair'), new.lake_object, old.lake_object, {{whole}}, [{{said}}], [{{known}}]
from repeated_row as new
join {{old}} as old on {{same}} and {{near}}
where ({{differ}})
  and new.lake_object not in (select lake_object from foreign_object)
