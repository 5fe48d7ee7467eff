-- Sessions that lasted long
-- Sessions longer than a limit, the longest first, and those whose end is in no log.
-- minutes: Longer than this many minutes, 30 by default.
select started, ended, minutes, who, acting_as, instance, document, output_lines, terminated_by, f_sessionid, eventid
from session
where outcome = 'opened' and (minutes > coalesce($minutes::integer, 30) or ended is null)
order by minutes desc nulls last, started desc
limit 1000
