-- Number of findings that a suppression of this rule, actor and resource hides, as in the view `finding_state`.
select count(*) as findings
from finding_state
where state <> 'closed'
  and time < $until::timestamptz
  and ($rule::varchar is null or rule = $rule::varchar)
  and ($actor::varchar is null or coalesce(actor, '') like $actor::varchar escape '\')
  and ($resource::varchar is null or coalesce(resource, '') like $resource::varchar escape '\')
