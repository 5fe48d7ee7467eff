-- Console sign-ins
-- Sign-ins to the console, failed ones too, with the source and whether MFA was used; a failure has no error
-- code.
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
