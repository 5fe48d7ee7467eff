-- Who looked at the data
-- What each person was shown or refused by loglake, from its access log, and how often without masks; `loglake query`
-- on the machine itself is not in it.
-- who: Only this person, in any case; all by default.
-- portable: no, because a lake has its access log only since somebody was shown something.
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
