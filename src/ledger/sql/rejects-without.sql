-- The rejects without those of objects that are read again with other log types. Conflicts stay.
select *
from {{rejects}}
where code = 'conflict' or object_version || ' ' || lake_object not in (select unnest({{objects}}::varchar[]))
