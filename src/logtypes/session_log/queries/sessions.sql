-- Sessions by what was on their terminals
-- Every session with output: the person, the machine, the first and last time, and the number of lines.
select
  f_sessionid,
  max(sessionid) as sessionid,
  max(useridentity_arn) as who,
  max(target_id) as machine,
  string_agg(distinct runasuser, ', ' order by runasuser) as users,
  string_agg(distinct delivery, ', ' order by delivery) as deliveries,
  min(eventtime) as first_output,
  max(eventtime) as last_output,
  -- a streamed session may also be uploaded at its end
  coalesce(nullif(sum(lines) filter (where delivery = 'streamed'), 0), max(uploaded)) as lines
from (
  select *, sum(lines) filter (where delivery <> 'streamed') over (partition by f_sessionid, delivery) as uploaded
  from session_log
)
group by f_sessionid
order by lines desc nulls last, f_sessionid
limit 1000
