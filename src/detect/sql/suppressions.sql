-- Suppressions as they stand, with the number of findings that each hides, and of those that nothing else hides. A
-- finding that several hide is in the numbers of each, and once in `hidden`.
with newest as (
  select
    id, max(made_at) as made_at, arg_max_null(made_by, made_at) as made_by, arg_max_null(rule, made_at) as rule,
    arg_max_null(actor, made_at) as actor, arg_max_null(resource, made_at) as resource, arg_max_null(ends_at, made_at) as ends_at,
    arg_max_null(why, made_at) as why
  from suppression
  group by id
),
suppressed as (
{{suppressed}}
),
covered as (
  select suppressed.id, state.id as finding, count(*) over (partition by state.id) = 1 as alone
  from finding_state as state
  join suppressed
    on
{{hides}}
  where state.hidden
),
hiding as (select id, count(*) as findings, count_if(alone) as alone from covered group by id)
select
  newest.*,
  coalesce(hiding.findings, 0) as hides,
  coalesce(hiding.alone, 0) as alone,
  (select count(distinct finding) from covered) as hidden
from newest
left join hiding using (id)
