-- Findings by state, and by group.
select
  {{group}} as key,
  count_if(state <> 'closed' and not hidden) as "open",
  count_if(assignee = $me::varchar and state <> 'closed' and not hidden) as mine,
  count_if(state = 'closed') as closed,
  count_if(hidden) as suppressed,
  strftime(max(time), '%Y-%m-%dT%H:%M:%SZ') as newest,
  arg_max(severity, case severity when 'critical' then 4 when 'high' then 3 when 'medium' then 2 when 'low' then 1 else 0 end) as severity
from finding_state
where time >= $since::timestamptz and time < $until::timestamptz and {{where}}
group by key
order by "open" desc, newest desc, key
