-- Findings with the decisions on them.
select
  id,
  strftime(time, '%Y-%m-%dT%H:%M:%S.%gZ') as time,
  rule,
  title,
  severity,
  detector,
  split_part(split_part(actor, ' via ', 1), '/', -1) as who,
  actor as arn,
  resource as what,
  account,
  region,
  coalesce(evidence_rows, 1) as count,
  case when hidden then 'suppressed' else state end as state,
  verdict,
  reason,
  assignee,
  hidden_by as suppressed_by,
  hidden_why as suppressed_why,
  explanation,
  epoch_ms(decided_at) as decided_ms,
  count(*) over () as total
from finding_state
where time >= $since::timestamptz
  and time < $until::timestamptz
  and ($id::varchar is null or id = $id::varchar)
  and case $state
    when 'all' then true
    when 'open' then state <> 'closed' and not hidden
    when 'mine' then assignee = $me::varchar and state <> 'closed' and not hidden
    when 'closed' then state = 'closed'
    else hidden
  end
  and {{where}}
order by finding_state.time desc, id
