-- Columns of all tables and views that can be asked; a view in a schema is prefixed with it
select
  case table_schema when 'main' then table_name else table_schema || '.' || table_name end as asked,
  column_name
from information_schema.columns
order by table_schema, table_name, ordinal_position
