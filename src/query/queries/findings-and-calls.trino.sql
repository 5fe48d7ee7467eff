-- findings-and-calls.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
WITH finding AS (
  SELECT
    *,
    JSON_EXTRACT_SCALAR(resource, '$.accessKeyDetails.accessKeyId') AS accesskeyid,
    TRY(FROM_ISO8601_TIMESTAMP_NANOS(JSON_EXTRACT_SCALAR(service, '$.eventFirstSeen'))) AS first_seen,
    TRY(FROM_ISO8601_TIMESTAMP_NANOS(JSON_EXTRACT_SCALAR(service, '$.eventLastSeen'))) AS last_seen
  FROM guardduty_finding_newest
)
SELECT
  finding.type,
  finding.severity,
  finding.title,
  call.eventtime,
  CONCAT(
    CAST(SPLIT_PART(call.eventsource, '.', 1) AS VARCHAR),
    CAST(':' AS VARCHAR),
    CAST(call.eventname AS VARCHAR)
  ) AS action,
  call.errorcode,
  call.sourceipaddress,
  COALESCE(call.useridentity_sessioncontext_sourceidentity, call.useridentity_arn) AS who,
  finding.id AS finding,
  call.eventid
FROM finding
JOIN cloudtrail AS call
  ON call.useridentity_accesskeyid = finding.accesskeyid
  AND call.eventtime BETWEEN finding.first_seen - INTERVAL '1' HOUR AND finding.last_seen + INTERVAL '1' HOUR
ORDER BY
  severity DESC,
  finding,
  call.eventtime
