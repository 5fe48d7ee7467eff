with given as (
  select unnest(from_json($1::json, {{structure}})) as record
), added as (
  select
    row_number() over () as lake_at,
    {{row}}
  from given
-- A name that no template gives a column: of a table with such a column, `to_json` would take that.
), lake_made as (
  select
    lake_at,
    {{template}}
  from added
)
select to_json(lake_made)
from lake_made
order by lake_at
