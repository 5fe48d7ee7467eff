-- Output of sessions without a start
-- Sessions with output, but without a StartSession in cloudtrail: an event that is missing, or another
-- account's trail.
select
  output.f_sessionid,
  max(output.sessionid) as sessionid,
  max(output.useridentity_arn) as who,
  max(output.owner) as owner,
  min(output.eventtime) as first_output,
  max(output.eventtime) as last_output,
  sum(output.lines) as lines
from session_log as output
where not exists (
  select 1
  from cloudtrail as started
  where started.f_sessionid = output.f_sessionid
    and started.eventsource = 'ssm.amazonaws.com'
    and started.eventname = 'StartSession'
)
group by output.f_sessionid
order by last_output desc, output.f_sessionid
limit 1000
