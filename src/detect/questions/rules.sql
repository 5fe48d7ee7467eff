-- How often each rule found something, and whether it is switched on or off.
select rule, sum(findings)::bigint as findings, max(last_time) as last_time, any_value(is_off) as is_off, any_value(why) as why,
  any_value(made_by) as made_by
from (
  select rule, count(*) as findings, max(time) as last_time, null::boolean as is_off, null::varchar as why, null::varchar as made_by
  from finding group by rule
  union all
  select rule, 0, null, arg_max_null(is_off, made_at), arg_max_null(why, made_at), arg_max_null(made_by, made_at)
  from rule_switch group by rule
)
group by rule
