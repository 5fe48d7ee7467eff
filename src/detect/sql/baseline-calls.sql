-- The new rows of CloudTrail by caller, API, place and hour, with the first call of each: counted once for
-- all parts.
create or replace temp table baselines_calls as
with counted as (
  select
    coalesce(recipientaccountid, useridentity_accountid, '') as account,
    coalesce(useridentity_sessioncontext_sessionissuer_arn, useridentity_arn) as who,
    eventsource, eventname, awsregion,
    -- Dividing to an hour costs a fifth of date_trunc.
    epoch_us(eventtime) // 3600000000 as hour,
    min(eventtime) as first_time,
    arg_min({'id': eventid, 'actor': actor}, eventtime) as of_first,
    count(*) as calls,
    count(coalesce(errorcode, errormessage)) as errors,
    count_if(errorcode in ('AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'Client.UnauthorizedOperation')) as denied
  from {{rows}}
  where coalesce(useridentity_sessioncontext_sessionissuer_arn, useridentity_arn) is not null and useridentity_invokedby is null
  group by all
)
select
  account, who, eventsource, eventname, awsregion, make_timestamptz(hour * 3600000000) as hour,
  {'time': first_time, 'id': of_first.id, 'actor': of_first.actor, 'region': awsregion} as first,
  calls, errors, denied
from counted
