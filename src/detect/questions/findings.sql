-- Findings, the newest first, with how many there are in all.
select
  id, time, severity, title, actor, account, resource, state, verdict, assignee, hidden, rule, explanation, evidence_rows,
  group_id, count(*) over () as in_all
from finding_state
where ($since::timestamptz is null or time >= $since::timestamptz)
  and ($until::timestamptz is null or time < $until::timestamptz)
  and list_position(['informational', 'low', 'medium', 'high', 'critical'], severity)
    >= list_position(['informational', 'low', 'medium', 'high', 'critical'], $severity)
  and ($rule::varchar is null or rule = $rule or title ilike $rule)
  and ($actor::varchar is null or coalesce(actor, '') ilike '%' || $actor || '%')
  and ($account::varchar is null or account = $account)
  and ($state::varchar is null or state = $state)
  and ($hidden or not hidden)
order by time desc, id
limit $most
