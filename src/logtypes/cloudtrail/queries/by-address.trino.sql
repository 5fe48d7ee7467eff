-- by-address.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  eventtime,
  sourceipaddress,
  COALESCE(
    useridentity_sessioncontext_sourceidentity,
    useridentity_arn,
    useridentity_principalid
  ) AS who,
  CONCAT(
    CAST(SPLIT_PART(eventsource, '.', 1) AS VARCHAR),
    CAST(':' AS VARCHAR),
    CAST(eventname AS VARCHAR)
  ) AS action,
  errorcode,
  awsregion,
  recipientaccountid,
  useridentity_accesskeyid,
  useragent,
  requestparameters,
  eventid
FROM cloudtrail, (
  SELECT
    COALESCE(
      TRIM(CAST($address AS VARCHAR)),
      (
        SELECT
          sourceipaddress
        FROM cloudtrail
        WHERE
          REGEXP_LIKE(sourceipaddress, '^[0-9a-fA-F]*[.:][0-9a-fA-F.:]+$')
        GROUP BY
          1
        ORDER BY
          COUNT(errorcode) DESC,
          COUNT(*) DESC,
          sourceipaddress
        LIMIT 1
      )
    ) AS address
)
WHERE
  sourceipaddress = address
  OR (
    REGEXP_LIKE(address, '[.:]$') AND STARTS_WITH(sourceipaddress, address)
  )
ORDER BY
  eventtime,
  eventid
