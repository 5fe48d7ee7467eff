-- Suppressions as they stand: as patterns of LIKE, since only `*` has a meaning. The same words are in the view
-- `finding_state`.
select
  id,
  arg_max_null(rule, made_at) as rule,
  replace(replace(replace(replace(arg_max_null(actor, made_at), '!', '!!'), '%', '!%'), '_', '!_'), '*', '%') as actor,
  replace(replace(replace(replace(arg_max_null(resource, made_at), '!', '!!'), '%', '!%'), '_', '!_'), '*', '%') as resource,
  arg_max_null(ends_at, made_at) as ends_at,
  arg_max_null(why, made_at) as why
from {{suppressions}}
group by id
