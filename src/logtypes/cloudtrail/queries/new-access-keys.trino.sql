-- new-access-keys.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  made.eventtime,
  made.useridentity_arn AS created_by,
  COALESCE(
    JSON_EXTRACT_SCALAR(made.responseelements, '$.accessKey.userName'),
    JSON_EXTRACT_SCALAR(made.requestparameters, '$.userName')
  ) AS key_of,
  JSON_EXTRACT_SCALAR(made.responseelements, '$.accessKey.accessKeyId') AS accesskeyid,
  made.errorcode,
  made.sourceipaddress,
  used.calls,
  used.first_time AS first_used,
  made.eventid
FROM cloudtrail AS made
LEFT JOIN (
  SELECT
    useridentity_accesskeyid,
    COUNT(*) AS calls,
    MIN(eventtime) AS first_time
  FROM cloudtrail
  WHERE
    useridentity_accesskeyid LIKE 'AKIA%'
  GROUP BY
    1
) AS used
  ON used.useridentity_accesskeyid = JSON_EXTRACT_SCALAR(made.responseelements, '$.accessKey.accessKeyId')
WHERE
  made.eventname = 'CreateAccessKey' AND made.eventsource = 'iam.amazonaws.com'
ORDER BY
  made.eventtime DESC
