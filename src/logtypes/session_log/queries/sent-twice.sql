-- Events that were probably sent twice
-- Output that the agent probably sent again after an error: equal to the previous output, in an event of its
-- own and at a later time.
select eventtime, "timestamp", sessionid, lines, sessiondata, id, id_before
from (
  select
    *,
    lag(sessiondata) over in_order as sessiondata_before,
    lag(id) over in_order as id_before,
    lag(eventtime) over in_order as eventtime_before
  from session_log
  where delivery = 'streamed' and f_sessionid is not null
  window in_order as (partition by f_sessionid order by coalesce("timestamp", eventtime), id)
)
where sessiondata = sessiondata_before and eventtime > eventtime_before and lines > 1
order by eventtime desc, id
limit 1000
