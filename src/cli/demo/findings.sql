select
  time,
  severity,
  title,
  coalesce(split_part(actor, '/', -1), '-') as who,
  evidence_rows as proof
from finding_open
where severity in ('critical', 'high') or detector <> 'sigma'
order by time
