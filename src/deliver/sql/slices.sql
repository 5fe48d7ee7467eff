-- Where slices of so many rows begin, but for the first: the time of each such row, in microseconds.
select distinct epoch_us({{time}}) as start
from (
  select {{time}}, row_number() over (order by {{time}}) as place
  from {{rows}} as added
  where {{where}}
)
where place % {{most}} = 0 and {{time}} is not null
order by start
