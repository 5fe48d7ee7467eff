-- Console sign-ins
-- Who signed in to the console or failed to, from where, and whether with MFA; a failure has no error code.
select
  eventtime,
  json_extract_string(responseelements, '$.ConsoleLogin') as outcome,
  json_extract_string(additionaleventdata, '$.MFAUsed') as mfa,
  useridentity_type,
  coalesce(useridentity_arn, useridentity_username) as who,
  sourceipaddress,
  useragent,
  errormessage,
  useridentity_accountid,
  eventid
from cloudtrail
where eventname = 'ConsoleLogin' and eventsource = 'signin.amazonaws.com'
order by eventtime desc
limit 1000
