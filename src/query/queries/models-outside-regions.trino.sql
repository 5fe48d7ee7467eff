-- models-outside-regions.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
WITH called AS (
  SELECT
    time,
    accountid,
    region,
    inferenceregion,
    model AS called,
    who,
    role,
    COALESCE(eventid, requestid) AS event
  FROM bedrock_call
  WHERE
    errorcode IS NULL
  UNION ALL
  SELECT
    eventtime,
    recipientaccountid,
    awsregion,
    NULL,
    COALESCE(
      ELEMENT_AT(SPLIT(JSON_EXTRACT_SCALAR(resources, '$[0].ARN'), '/'), -1),
      IF(NOT JSON_EXTRACT_SCALAR(resources, '$[0].ARN') IS NULL, '')
    ),
    COALESCE(
      useridentity_sessioncontext_sourceidentity,
      COALESCE(ELEMENT_AT(SPLIT(useridentity_arn, '/'), -1), IF(NOT useridentity_arn IS NULL, ''))
    ),
    useridentity_sessioncontext_sessionissuer_username,
    eventid
  FROM cloudtrail
  WHERE
    eventsource = 'sagemaker.amazonaws.com'
    AND eventname LIKE 'InvokeEndpoint%'
    AND errorcode IS NULL
), allowed AS (
  SELECT
    COALESCE(
      SPLIT(REPLACE(CAST($regions AS VARCHAR), ' ', ''), ','),
      ARRAY[ELEMENT_AT(
        MAP_KEYS(HISTOGRAM(region)),
        ARRAY_POSITION(MAP_VALUES(HISTOGRAM(region)), ARRAY_MAX(MAP_VALUES(HISTOGRAM(region))))
      )]
    ) AS regions
  FROM called
)
SELECT
  accountid,
  region,
  inferenceregion,
  called,
  role,
  COUNT(*) AS calls,
  MIN(time) AS first_time,
  MAX(time) AS last_time,
  MAX_BY(event, time) AS last_event
FROM called, allowed
WHERE
  NOT CONTAINS(regions, region)
  OR (
    NOT inferenceregion IS NULL AND NOT CONTAINS(regions, inferenceregion)
  )
GROUP BY
  1,
  2,
  3,
  4,
  5
ORDER BY
  calls DESC,
  accountid,
  region
