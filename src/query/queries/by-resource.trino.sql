-- by-resource.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
WITH wanted AS (
  SELECT
    COALESCE(
      TRIM(CAST($resource AS VARCHAR)),
      (
        SELECT
          JSON_EXTRACT_SCALAR(resources, '$[0].ARN') AS arn
        FROM cloudtrail
        WHERE
          readonly = FALSE AND NOT resources IS NULL
        GROUP BY
          1
        HAVING
          NOT (
            JSON_EXTRACT_SCALAR(resources, '$[0].ARN')
          ) IS NULL
        ORDER BY
          COUNT(*) DESC,
          arn
        LIMIT 1
      )
    ) AS resource
)
SELECT
  eventtime AS time,
  'cloudtrail' AS log,
  CONCAT(
    CAST(SPLIT_PART(eventsource, '.', 1) AS VARCHAR),
    CAST(':' AS VARCHAR),
    CAST(eventname AS VARCHAR)
  ) AS action,
  COALESCE(useridentity_sessioncontext_sourceidentity, useridentity_arn, useridentity_invokedby) AS who,
  errorcode,
  readonly,
  CONCAT_WS(
    ', ',
    CAST(IF(STRPOS(resources, resource) > 0, 'resources', NULL) AS VARCHAR),
    CAST(IF(STRPOS(requestparameters, resource) > 0, 'requestparameters', NULL) AS VARCHAR),
    CAST(IF(STRPOS(responseelements, resource) > 0, 'responseelements', NULL) AS VARCHAR)
  ) AS named_in,
  requestparameters AS detail,
  sourceipaddress,
  recipientaccountid AS account,
  awsregion AS region,
  eventid AS id
FROM cloudtrail, wanted
WHERE
  STRPOS(resources, resource) > 0
  OR STRPOS(requestparameters, resource) > 0
  OR STRPOS(responseelements, resource) > 0
UNION ALL
SELECT
  event.time,
  'sagemaker_event',
  detail_type,
  rolearn,
  failurereason,
  NULL,
  'resourcearn',
  status,
  NULL,
  account,
  region,
  id
FROM sagemaker_event AS event, wanted
WHERE
  STRPOS(resourcearn, resource) > 0
UNION ALL
SELECT
  updatedat,
  'guardduty_finding',
  type,
  resource_accesskeydetails_username,
  NULL,
  NULL,
  'resource',
  title,
  remoteip,
  accountid,
  region,
  id
FROM guardduty_finding AS finding, wanted
WHERE
  STRPOS(finding.resource, wanted.resource) > 0
ORDER BY
  time,
  id
