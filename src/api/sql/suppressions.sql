-- Suppressions, the newest first, with how much each hides. One that was ended early has an end before every
-- finding.
select
  id,
  rule,
  actor,
  resource,
  strftime(ends_at, '%Y-%m-%dT%H:%M:%SZ') as until,
  ends_at <= made_at as ended,
  why as reason,
  made_by as "by",
  strftime(made_at, '%Y-%m-%dT%H:%M:%SZ') as made,
  hides,
  alone,
  hidden,
  count(*) over () as total
from (
{{suppressions}}
)
where $id::varchar is null or id = $id::varchar
order by made_at desc, id
limit $max
