-- Roles assumed from another account
-- Identities of other accounts that assumed a role here, with the session name and the source identity.
select
  eventtime,
  useridentity_accountid as from_account,
  recipientaccountid as to_account,
  coalesce(useridentity_arn, useridentity_principalid) as caller,
  json_extract_string(requestparameters, '$.roleArn') as role,
  json_extract_string(requestparameters, '$.roleSessionName') as session_name,
  json_extract_string(requestparameters, '$.sourceIdentity') as source_identity,
  errorcode,
  sourceipaddress,
  sharedeventid,
  eventid
from cloudtrail
where eventsource = 'sts.amazonaws.com'
  and eventname in ('AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'AssumeRoot')
  and useridentity_accountid <> recipientaccountid
order by eventtime desc
limit 1000
