-- by-access-key.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  eventtime,
  CONCAT(
    CAST(SPLIT_PART(eventsource, '.', 1) AS VARCHAR),
    CAST(':' AS VARCHAR),
    CAST(eventname AS VARCHAR)
  ) AS action,
  errorcode,
  awsregion,
  recipientaccountid,
  sourceipaddress,
  useragent,
  COALESCE(
    useridentity_sessioncontext_sourceidentity,
    useridentity_arn,
    useridentity_principalid
  ) AS who,
  readonly,
  requestparameters,
  JSON_EXTRACT_SCALAR(responseelements, '$.credentials.accessKeyId') AS became,
  useridentity_accesskeyid,
  eventid
FROM cloudtrail
WHERE
  useridentity_accesskeyid = COALESCE(
    TRIM(CAST($key AS VARCHAR)),
    (
      SELECT
        useridentity_accesskeyid
      FROM cloudtrail
      WHERE
        NOT useridentity_accesskeyid IS NULL
      GROUP BY
        1
      ORDER BY
        COUNT(errorcode) DESC,
        COUNT(*) DESC,
        useridentity_accesskeyid
      LIMIT 1
    )
  )
ORDER BY
  eventtime,
  eventid
