select
  opened.eventtime as started,
  coalesce(useridentity_sessioncontext_sourceidentity, split_part(useridentity_arn, '/', -1)) as who,
  coalesce(useridentity_sessioncontext_sessionissuer_username, useridentity_type) as acting_as,
  requestparameters ->> 'target' as instance,
  coalesce(errorcode, 'opened') as outcome,
  date_sub('minute', opened.eventtime, ended.eventtime) as minutes
from cloudtrail as opened
left join (
  select f_sessionid, max(eventtime) as eventtime
  from cloudtrail
  where eventname = 'TerminateSession' and errorcode is null
  group by f_sessionid
) as ended using (f_sessionid)
where eventname = 'StartSession' and eventsource = 'ssm.amazonaws.com'
order by started
