-- Suppressions as they stand: as patterns of LIKE, since only `*` has a meaning. The same words are in the view
-- `finding_state`.
select
  id,
  arg_max(rule, made_at) as rule,
  replace(replace(replace(replace(arg_max(actor, made_at), '!', '!!'), '%', '!%'), '_', '!_'), '*', '%') as actor,
  replace(replace(replace(replace(arg_max(resource, made_at), '!', '!!'), '%', '!%'), '_', '!_'), '*', '%') as resource,
  arg_max(ends_at, made_at) as ends_at,
  arg_max(why, made_at) as why
from {{suppressions}}
group by id
