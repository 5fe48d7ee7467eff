-- Who assumed which role
-- Each issue of credentials: the role, the caller, the source, the session name and the source identity, and
-- the access key that came of it, which `by-access-key` follows on.
-- role: A part of the role's ARN; all roles by default.
-- who: A part of the caller's ARN or of the source identity; everyone by default.
select *
from (
  select
    eventtime,
    coalesce(
      json_extract_string(requestparameters, '$.roleArn'),
      json_extract_string(responseelements, '$.assumedRoleUser.arn'),
      json_extract_string(responseelements, '$.federatedUser.arn'),
      eventname
    ) as role,
    coalesce(useridentity_arn, useridentity_username, useridentity_invokedby, useridentity_principalid) as caller,
    sourceipaddress,
    coalesce(
      json_extract_string(requestparameters, '$.sourceIdentity'),
      json_extract_string(responseelements, '$.sourceIdentity'),
      useridentity_sessioncontext_sourceidentity
    ) as source_identity,
    json_extract_string(requestparameters, '$.roleSessionName') as session_name,
    json_extract_string(responseelements, '$.credentials.accessKeyId') as accesskeyid,
    json_extract_string(responseelements, '$.credentials.expiration') as expires,
    useridentity_accesskeyid as caller_accesskeyid,
    eventname,
    errorcode,
    recipientaccountid,
    eventid
  from cloudtrail
  where eventsource = 'sts.amazonaws.com'
    and eventname in (
      'AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'AssumeRoot', 'GetFederationToken', 'GetSessionToken'
    )
) as assumed
where contains(lower(coalesce(role, '')), lower(coalesce($role::varchar, '')))
  and contains(lower(concat_ws(' ', caller, source_identity)), lower(coalesce($who::varchar, '')))
order by eventtime desc, eventid
limit 1000
