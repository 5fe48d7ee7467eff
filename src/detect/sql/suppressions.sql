-- Suppressions as they stand, with the number of findings that each hides, and of those that nothing else hides. A
-- finding that several hide is in the numbers of each, and once in `hidden`.
with newest as (
  select
    id, max(made_at) as made_at, arg_max(made_by, made_at) as made_by, arg_max(rule, made_at) as rule,
    arg_max(actor, made_at) as actor, arg_max(resource, made_at) as resource, arg_max(ends_at, made_at) as ends_at,
    arg_max(why, made_at) as why
  from suppression
  group by id
),
-- As in the view `finding_state`: only `*` has a meaning.
pattern as (
  select
    id, rule, ends_at,
    replace(replace(replace(replace(actor, '!', '!!'), '%', '!%'), '_', '!_'), '*', '%') as actor,
    replace(replace(replace(replace(resource, '!', '!!'), '%', '!%'), '_', '!_'), '*', '%') as resource
  from newest
),
covered as (
  select pattern.id, state.id as finding, count(*) over (partition by state.id) = 1 as alone
  from finding_state as state
  join pattern
    on state.time < pattern.ends_at
    and (pattern.rule is null or pattern.rule = state.rule)
    and (pattern.actor is null or coalesce(state.actor, '') like pattern.actor escape '!')
    and (pattern.resource is null or coalesce(state.resource, '') like pattern.resource escape '!')
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
