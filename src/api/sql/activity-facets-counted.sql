-- Several fields under the same conditions, in one pass.
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
