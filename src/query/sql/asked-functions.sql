-- Functions by name; operators are functions too, under names that are never typed
select distinct function_name
from duckdb_functions()
where function_type <> 'pragma' and regexp_full_match(function_name, '[a-z][a-z0-9_]*')
order by 1
