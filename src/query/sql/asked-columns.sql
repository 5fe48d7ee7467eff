-- Columns of everything that can be asked: tables and views, those of a schema behind its name
select
  case table_schema when 'main' then table_name else table_schema || '.' || table_name end as asked,
  column_name
from information_schema.columns
order by table_schema, table_name, ordinal_position
