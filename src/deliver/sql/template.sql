with given as (
  select unnest(from_json($1::json, {{structure}})) as record
), added as (
  select
    row_number() over () as lake_at,
    {{row}}
  from given
), made as (
  select
    lake_at,
    {{template}}
  from added
)
select to_json(made)
from made
order by lake_at
