-- Rules that failed from a time on, by default in the last seven days, with the newest failure of each.
select rule, max(made_at) as made_at, arg_max_null(error, made_at) as error, count(*) as turns
from rule_failure
where made_at >= coalesce($since::timestamptz, now() - interval 7 days)
group by rule
order by made_at desc
