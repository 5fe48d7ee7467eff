insert into conflict
select lake_object, against, differs, whole
from contested
join contradiction using (pair)
