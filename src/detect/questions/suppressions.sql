-- Suppressions, the newest first, with how much each hides; `hidden_in_all` counts a finding once.
select
  id, rule, actor, resource, ends_at, ends_at <= now() as ended, why, made_by, made_at, hides, alone,
  hidden as hidden_in_all, count(*) over () as in_all
from (
{{suppressions}}
)
order by made_at desc
limit $max
