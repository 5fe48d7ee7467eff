-- The newest rows of a table that have a value, one line each: what they are is only worked out of those that are given.
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
) as found
