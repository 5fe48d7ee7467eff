-- Decisions on a finding, in order.
select
  strftime(made_at, '%Y-%m-%dT%H:%M:%SZ') as "at",
  made_by as "by",
  coalesce(state, '') as state,
  verdict,
  reason,
  assignee
from finding_note
where finding = $id::varchar
order by made_at
