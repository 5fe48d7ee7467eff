-- roles-assumed.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  *
FROM (
  SELECT
    eventtime,
    COALESCE(
      JSON_EXTRACT_SCALAR(requestparameters, '$.roleArn'),
      JSON_EXTRACT_SCALAR(responseelements, '$.assumedRoleUser.arn'),
      JSON_EXTRACT_SCALAR(responseelements, '$.federatedUser.arn'),
      eventname
    ) AS role,
    COALESCE(
      useridentity_arn,
      useridentity_username,
      useridentity_invokedby,
      useridentity_principalid
    ) AS caller,
    sourceipaddress,
    COALESCE(
      JSON_EXTRACT_SCALAR(requestparameters, '$.sourceIdentity'),
      JSON_EXTRACT_SCALAR(responseelements, '$.sourceIdentity'),
      useridentity_sessioncontext_sourceidentity
    ) AS source_identity,
    JSON_EXTRACT_SCALAR(requestparameters, '$.roleSessionName') AS session_name,
    JSON_EXTRACT_SCALAR(responseelements, '$.credentials.accessKeyId') AS accesskeyid,
    JSON_EXTRACT_SCALAR(responseelements, '$.credentials.expiration') AS expires,
    useridentity_accesskeyid AS caller_accesskeyid,
    eventname,
    errorcode,
    recipientaccountid,
    eventid
  FROM cloudtrail
  WHERE
    eventsource = 'sts.amazonaws.com'
    AND eventname IN (
      'AssumeRole',
      'AssumeRoleWithSAML',
      'AssumeRoleWithWebIdentity',
      'AssumeRoot',
      'GetFederationToken',
      'GetSessionToken'
    )
) AS assumed
WHERE
  STRPOS(LOWER(COALESCE(role, '')), LOWER(COALESCE(CAST($role AS VARCHAR), ''))) > 0
  AND STRPOS(
    LOWER(CONCAT_WS(' ', CAST(caller AS VARCHAR), CAST(source_identity AS VARCHAR))),
    LOWER(COALESCE(CAST($who AS VARCHAR), ''))
  ) > 0
ORDER BY
  eventtime DESC,
  eventid
