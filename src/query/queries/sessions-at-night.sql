-- Sessions outside working hours
-- Sessions that began at night or at the weekend, UTC.
-- from: The hour at which work begins, 6 by default.
-- until: The hour at which it ends, 20 by default.
select started, dayname(started) as day, minutes, outcome, who, acting_as, instance, sourceipaddress, api_changes, f_sessionid, eventid
from session
where hour(started) < coalesce($from::integer, 6)
  or hour(started) >= coalesce($until::integer, 20)
  or isodow(started) > 5
order by started desc
limit 1000
