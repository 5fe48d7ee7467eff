-- The conflicts that are kept of these objects.
select lake_object, id
from {{rejects}}
where code = 'conflict' and object_version || ' ' || lake_object in (select unnest({{objects}}::varchar[]))
