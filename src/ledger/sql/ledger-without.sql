-- The ledger without the rows of objects that are read again.
select *
from {{ledger}}
where version || ' ' || lake_object not in (select unnest({{objects}}::varchar[]))
