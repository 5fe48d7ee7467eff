-- Keys that more than one row of a day has.
select count(*)::double as duplicates, min(keys)::varchar as example
from (
  select concat_ws(' ', {{keys}}) as keys
  from {{files}}
  where {{present}}
  group by {{keys}}
  having count(*) > 1
)
