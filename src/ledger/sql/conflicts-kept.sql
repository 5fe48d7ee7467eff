-- The conflicts of these objects that are already kept.
select lake_object, id
from {{rejects}}
where code = 'conflict' and object_version || ' ' || lake_object in (select unnest({{objects}}::varchar[]))
