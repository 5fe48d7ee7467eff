-- cross-account-access.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  eventtime,
  useridentity_accountid AS from_account,
  recipientaccountid AS to_account,
  actor_kind,
  actor,
  eventsource,
  eventname,
  errorcode,
  sourceipaddress,
  resources,
  eventid
FROM cloudtrail
WHERE
  useridentity_accountid <> recipientaccountid
  AND REGEXP_LIKE(useridentity_accountid, '^\d{12}$')
  AND actor_kind <> 'AWS service'
  AND NOT eventname IN ('AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity')
ORDER BY
  eventtime DESC
