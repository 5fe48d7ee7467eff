-- The columns of a view of given rows, in their order: each row as the text of a JSON object.
with given as (
  select unnest(from_json($1::json, {{structure}})) as record
), added as (
  select
    row_number() over () as {{at}},
    {{row}}
  from given
)
select '{' || concat_ws(',',
  {{fields}}
) || '}'
from {{view}} as made
order by {{at}}
