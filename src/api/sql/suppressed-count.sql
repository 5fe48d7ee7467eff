-- Number of findings that a suppression of this rule, actor and resource hides.
with asked as (
  select
    '' as id,
    $until::timestamptz as made_at,
    $rule::varchar as rule,
    $actor::varchar as actor,
    $resource::varchar as resource,
    $until::timestamptz as ends_at,
    '' as why
),
suppressed as (
{{suppressed}}
)
select count(*) as findings
from finding_state
join suppressed
  on
{{hides}}
where finding_state.state <> 'closed'
