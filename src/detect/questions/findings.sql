-- Findings, the newest first. Each row ends with the count of all, and of those that only a suppression keeps out;
-- where none is shown, one row without an id has both counts.
with chosen as (
  select *, $hidden or not hidden as shown
  from finding_state
  where ($since::timestamptz is null or time >= $since::timestamptz)
    and ($until::timestamptz is null or time < $until::timestamptz)
    and list_position(['informational', 'low', 'medium', 'high', 'critical'], severity)
      >= list_position(['informational', 'low', 'medium', 'high', 'critical'], $severity)
    and {{where}}
)
select
  id, time, severity, title, actor, account, resource, state, verdict, assignee, hidden, rule, explanation, evidence_rows,
  group_id, in_all, kept_out
from (select count(*) filter (where shown) as in_all, count(*) filter (where not shown) as kept_out from chosen)
left join (select * from chosen where shown order by time desc, id limit $max) on true
order by time desc, id
