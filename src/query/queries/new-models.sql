-- Models that nobody had used before
-- The first call of each model in each account, who made it, and whether it worked. What the first call does not
-- have is empty: the next one's is not put in its place.
-- since: Only models that came on this day or later, as in 2026-01-07; all by default.
select
  min(time) as first_time,
  accountid,
  model,
  arg_min_null(who, time) as first_who,
  arg_min_null(errorcode, time) as first_errorcode,
  count(*) as calls,
  count(distinct who) as callers,
  arg_min_null(coalesce(eventid, requestid), time) as first_event
from bedrock_call
group by accountid, model
having min(time) >= coalesce($since::date, date '1970-01-01')
order by first_time desc
limit 1000
