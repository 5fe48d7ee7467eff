-- What a person did
-- Calls, model calls that no trail has, and sessions' output of one person, in order, with any role and key.
-- person: The source identity, user name or role session name, in any case; by default the one with a
--   source identity who changed most.
with called as (
  select
    *,
    lower(coalesce(
      useridentity_sessioncontext_sourceidentity, useridentity_username, split_part(useridentity_arn, '/', -1)
    )) as person
  from cloudtrail
),
wanted as (
  select coalesce(
    lower(trim($person::varchar)),
    (
      select person
      from called
      where person is not null and useridentity_type <> 'AWSService'
      group by all
      order by
        count(useridentity_sessioncontext_sourceidentity) > 0 desc, count_if(readonly = false) desc, count(*) desc, person
      limit 1
    )
  ) as wanted
)
select
  eventtime as time,
  'cloudtrail' as log,
  split_part(eventsource, '.', 1) || ':' || eventname as action,
  errorcode,
  coalesce(useridentity_sessioncontext_sessionissuer_username, useridentity_type) as acting_as,
  sourceipaddress,
  requestparameters as detail,
  recipientaccountid as account,
  awsregion as region,
  eventid as id
from called, wanted
where person = wanted
  or lower(useridentity_sessioncontext_sourceidentity) = wanted
  or lower(useridentity_username) = wanted
  or lower(split_part(useridentity_arn, '/', -1)) = wanted
union all
select
  call.time, 'bedrock_invocation', 'bedrock:' || operation, errorcode, role, sourceipaddress, prompt, accountid, region, requestid
from bedrock_call as call, wanted
where told_by = 'invocation log' and lower(who) = wanted
union all
select
  log.eventtime, 'session_log', 'output', null, session.acting_as, null, log.text, log.owner, log.awsregion, log.id
from session_log as log
join session on session.f_sessionid = log.f_sessionid
join wanted on lower(session.who) = wanted
order by time, log, id
limit 1000
