-- Rules that fire most
-- Findings of each rule, how many of them are open, how many were false, and the first and last.
select
  rule,
  arg_max_null(title, time) as title,
  count(*) as findings,
  count_if(state <> 'closed' and not hidden) as open,
  count_if(verdict = 'false') as found_false,
  count(distinct actor) as actors,
  min(time) as first_time,
  max(time) as last_time
from finding_state
group by rule
order by findings desc, rule
limit 1000
