-- Access from other accounts
-- Every call that an identity of another account made here, and every resource policy or role that was opened
-- to one.
select
  eventtime,
  useridentity_accountid as from_account,
  recipientaccountid as to_account,
  actor_kind,
  actor,
  eventsource,
  eventname,
  errorcode,
  sourceipaddress,
  resources,
  eventid
from cloudtrail
where useridentity_accountid <> recipientaccountid
  and regexp_matches(useridentity_accountid, '^\d{12}$')
  and actor_kind <> 'AWS service'
  and eventname not in ('AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity')
order by eventtime desc
limit 1000
