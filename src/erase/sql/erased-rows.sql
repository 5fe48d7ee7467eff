insert into erased select lake_object, count(*) from {{rows}} where {{condition}} group by lake_object
