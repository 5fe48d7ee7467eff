-- Who looked at the data
-- What was shown or refused to whom by loglake, from its access log, and what of it without masks; `loglake query` on
-- the machine itself is not in it.
-- who: Only this name, in any case; all by default.
select
  coalesce(name, subject) as who,
  role,
  operation,
  outcome,
  count(*) as calls,
  sum(rows)::bigint as rows_shown,
  count_if(unmasked) as without_masks,
  min(time) as first_time,
  max(time) as last_time
from access_log
where $who::varchar is null or lower($who::varchar) in (lower(name), lower(subject))
group by all
order by calls desc, last_time desc
limit 1000
