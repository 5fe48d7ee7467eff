-- The values of several fields, each with its number of calls.
with counted as (
{{counted}}
)
select field, value, events, count(*) over (partition by field) as distinct_values
from counted
qualify row_number() over (partition by field order by events desc, value) <= $max::bigint
order by field, events desc, value
