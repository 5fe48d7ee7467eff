-- Session Manager sessions
-- Every session that was started or refused, with the person, the reason, the machine, and when its user
-- ended it.
select
  started.eventtime as started,
  ended.eventtime as ended,
  started.f_sessionid,
  started.errorcode,
  coalesce(started.useridentity_sessioncontext_sourceidentity, started.useridentity_arn) as who,
  json_extract_string(started.requestparameters, '$.target') as target,
  json_extract_string(started.requestparameters, '$.reason') as reason,
  json_extract_string(started.requestparameters, '$.documentName') as document,
  started.sourceipaddress,
  started.eventid
from cloudtrail as started
left join (
  select f_sessionid, recipientaccountid, min(eventtime) as eventtime
  from cloudtrail
  where eventname = 'TerminateSession' and f_sessionid is not null and errorcode is null
  group by 1, 2
) as ended
  on ended.f_sessionid = started.f_sessionid and ended.recipientaccountid = started.recipientaccountid
where started.eventname = 'StartSession' and started.eventsource = 'ssm.amazonaws.com'
order by started desc
limit 1000
