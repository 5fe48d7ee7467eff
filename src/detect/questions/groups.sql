-- Groups with a finding of that kind, the newest first. Each row ends with the count of all, and of those that only
-- suppressions keep out; where none is shown, one row without an id has both counts.
with members as (
  select group_id, bool_or($hidden or not hidden) as shown
  from finding_state
  where {{where}}
  group by group_id
), chosen as (
  select finding_group.*, members.shown
  from finding_group
  join members using (group_id)
  where ($since::timestamptz is null or last_time >= $since::timestamptz)
    and ($until::timestamptz is null or first_time < $until::timestamptz)
    and list_position(['informational', 'low', 'medium', 'high', 'critical'], severity)
      >= list_position(['informational', 'low', 'medium', 'high', 'critical'], $severity)
)
select
  last_time, severity, findings, open, hidden, title, actor, account, resource, id, group_id, in_all, kept_out
from (select count(*) filter (where shown) as in_all, count(*) filter (where not shown) as kept_out from chosen)
left join (select * from chosen where shown order by last_time desc, group_id limit $max) on true
order by last_time desc, group_id
