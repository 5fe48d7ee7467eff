-- The newest rows of a table that have a value, one line each: descriptions are computed only for the rows
-- returned.
select
  epoch_us({{time}}) as micros,
  {{id}} as id,
  {{account}} as account,
  {{region}} as region,
  {{who}} as who,
  {{what}} as what,
  {{row}} as "row"
from (
  select *
  from {{table}}
  where {{condition}}
  order by {{time}} desc
  limit {{limit}}
) as whole_row
