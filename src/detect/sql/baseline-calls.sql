-- The new rows of CloudTrail, counted once for all that asks who called what, where, in which hour.
create or replace temp table baselines_calls as
select
  coalesce(recipientaccountid, useridentity_accountid, '') as account,
  coalesce(useridentity_sessioncontext_sessionissuer_arn, useridentity_arn) as who,
  eventsource, eventname, awsregion,
  date_trunc('hour', eventtime) as hour,
  min({'time': eventtime, 'id': eventid, 'actor': actor, 'region': awsregion}) as first,
  count(*) as calls,
  count(coalesce(errorcode, errormessage)) as errors,
  count_if(errorcode in ('AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'Client.UnauthorizedOperation')) as denied
from {{rows}}
where coalesce(useridentity_sessioncontext_sessionissuer_arn, useridentity_arn) is not null and useridentity_invokedby is null
group by all
