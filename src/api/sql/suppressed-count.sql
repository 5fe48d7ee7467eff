-- Findings that a suppression of this rule, actor and resource hides, as the view `finding_state` has it.
select count(*) as findings
from finding
where time < $until::timestamptz
  and ($rule::varchar is null or rule = $rule::varchar)
  and ($actor::varchar is null or coalesce(actor, '') glob $actor::varchar)
  and ($resource::varchar is null or coalesce(resource, '') glob $resource::varchar)
