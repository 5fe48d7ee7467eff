-- What each principal did in each hour of the new rows: parts of the sums in `baseline_hour`.
create or replace temp table baselines_hours as
select
  coalesce(recipientaccountid, useridentity_accountid, '') as account,
  coalesce(useridentity_sessioncontext_sessionissuer_arn, useridentity_arn) as who,
  date_trunc('hour', eventtime) as hour,
  count(*) as calls,
  count(coalesce(errorcode, errormessage)) as errors,
  count_if(errorcode in ('AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'Client.UnauthorizedOperation')) as denied
from {{rows}}
where coalesce(useridentity_sessioncontext_sessionissuer_arn, useridentity_arn) is not null and useridentity_invokedby is null
group by all
