-- The values of several fields, each with how many calls have it, in one pass.
with counted as (
  select
    {{field}} as field,
    {{value}} as value,
    sum(events)::bigint as events
  from (
    select {{columns}}, events
    from {{rows}}
    where time >= $since::timestamptz and time < $until::timestamptz and {{where}}
  )
  group by grouping sets ({{sets}})
)
select field, value, events, count(*) over (partition by field) as distinct_values
from counted
qualify row_number() over (partition by field order by events desc, value) <= $most::bigint
order by field, events desc, value
