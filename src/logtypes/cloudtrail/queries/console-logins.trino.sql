-- console-logins.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  eventtime,
  JSON_EXTRACT_SCALAR(responseelements, '$.ConsoleLogin') AS outcome,
  JSON_EXTRACT_SCALAR(additionaleventdata, '$.MFAUsed') AS mfa,
  useridentity_type,
  COALESCE(useridentity_arn, useridentity_username) AS who,
  sourceipaddress,
  useragent,
  errormessage,
  useridentity_accountid,
  eventid
FROM cloudtrail
WHERE
  eventname = 'ConsoleLogin' AND eventsource = 'signin.amazonaws.com'
ORDER BY
  eventtime DESC
