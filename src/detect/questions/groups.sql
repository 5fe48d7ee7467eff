-- Findings of one kind together, the newest first, with how many groups there are in all.
select
  last_time, severity, findings, open, hidden, title, actor, account, resource, id, group_id, count(*) over () as in_all
from finding_group
where ($since::timestamptz is null or last_time >= $since::timestamptz)
  and ($until::timestamptz is null or first_time < $until::timestamptz)
  and list_position(['informational', 'low', 'medium', 'high', 'critical'], severity)
    >= list_position(['informational', 'low', 'medium', 'high', 'critical'], $severity)
  and ($hidden or findings > hidden)
order by last_time desc, group_id
limit $most
