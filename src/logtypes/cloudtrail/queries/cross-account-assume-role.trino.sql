-- cross-account-assume-role.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  eventtime,
  useridentity_accountid AS from_account,
  recipientaccountid AS to_account,
  COALESCE(useridentity_arn, useridentity_principalid) AS caller,
  JSON_EXTRACT_SCALAR(requestparameters, '$.roleArn') AS role,
  JSON_EXTRACT_SCALAR(requestparameters, '$.roleSessionName') AS session_name,
  JSON_EXTRACT_SCALAR(requestparameters, '$.sourceIdentity') AS source_identity,
  errorcode,
  sourceipaddress,
  sharedeventid,
  eventid
FROM cloudtrail
WHERE
  eventsource = 'sts.amazonaws.com'
  AND eventname IN ('AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'AssumeRoot')
  AND useridentity_accountid <> recipientaccountid
ORDER BY
  eventtime DESC
