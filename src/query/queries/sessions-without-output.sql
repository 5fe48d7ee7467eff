-- Sessions that left no output
-- Sessions that were opened, of which no output was logged: ports and SSH never have any, a shell without is a gap.
select
  started.eventtime as started,
  coalesce(started.useridentity_sessioncontext_sourceidentity, started.useridentity_arn) as who,
  json_extract_string(started.requestparameters, '$.target') as machine,
  coalesce(json_extract_string(started.requestparameters, '$.documentName'), 'a shell') as document,
  started.recipientaccountid as account,
  started.awsregion as region,
  started.f_sessionid,
  started.eventid
from cloudtrail as started
where started.eventsource = 'ssm.amazonaws.com'
  and started.eventname = 'StartSession'
  and started.f_sessionid is not null
  and not exists (select 1 from session_log as output where output.f_sessionid = started.f_sessionid)
order by started desc, started.eventid
limit 1000
