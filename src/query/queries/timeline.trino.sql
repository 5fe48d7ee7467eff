-- timeline.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
WITH happened AS (
  SELECT
    eventtime AS time,
    'cloudtrail' AS log,
    CONCAT(
      CAST(SPLIT_PART(eventsource, '.', 1) AS VARCHAR),
      CAST(':' AS VARCHAR),
      CAST(eventname AS VARCHAR)
    ) AS action,
    COALESCE(
      useridentity_sessioncontext_sourceidentity,
      useridentity_username,
      COALESCE(ELEMENT_AT(SPLIT(useridentity_arn, '/'), -1), IF(NOT useridentity_arn IS NULL, '')),
      useridentity_invokedby
    ) AS who,
    useridentity_arn AS identity,
    useridentity_accesskeyid AS accesskeyid,
    errorcode AS error,
    requestparameters AS detail,
    sourceipaddress,
    recipientaccountid AS account,
    awsregion AS region,
    eventid AS id,
    requestid
  FROM cloudtrail
  UNION ALL
  SELECT
    eventtime,
    'session_log',
    'output',
    COALESCE(ELEMENT_AT(SPLIT(useridentity_arn, '/'), -1), IF(NOT useridentity_arn IS NULL, '')),
    useridentity_arn,
    NULL,
    NULL,
    text,
    target_id,
    owner,
    awsregion,
    id,
    NULL
  FROM session_log
  UNION ALL
  SELECT
    "timestamp",
    'bedrock_invocation',
    CONCAT(
      CAST(operation AS VARCHAR),
      CAST(' ' AS VARCHAR),
      CAST(COALESCE(model, '') AS VARCHAR)
    ),
    COALESCE(identity_session, identity_name),
    identity_arn,
    NULL,
    errorcode,
    prompt,
    NULL,
    accountid,
    region,
    requestid,
    requestid
  FROM bedrock_invocation
  UNION ALL
  SELECT
    eventmetadata_inferencetime,
    'sagemaker_invocation',
    CONCAT(CAST('capture ' AS VARCHAR), CAST(COALESCE(endpointname, '') AS VARCHAR)),
    NULL,
    NULL,
    NULL,
    COALESCE(CAST(errorcode AS VARCHAR), errormessage),
    prompt,
    NULL,
    NULL,
    NULL,
    id,
    eventmetadata_inferenceid
  FROM sagemaker_invocation
  UNION ALL
  SELECT
    event.time,
    'sagemaker_event',
    CONCAT_WS(
      ' ',
      CAST(resourcetype AS VARCHAR),
      CAST(resourcename AS VARCHAR),
      CAST(status AS VARCHAR)
    ),
    NULL,
    rolearn,
    NULL,
    failurereason,
    detail_type,
    NULL,
    account,
    region,
    id,
    NULL
  FROM sagemaker_event AS event
  UNION ALL
  SELECT
    updatedat,
    'guardduty_finding',
    type,
    resource_accesskeydetails_username,
    NULL,
    resource_accesskeydetails_accesskeyid,
    NULL,
    title,
    remoteip,
    accountid,
    region,
    id,
    NULL
  FROM guardduty_finding
), center AS (
  SELECT
    middle,
    its_who,
    its_identity,
    its_key
  FROM (
    SELECT
      time AS middle,
      who AS its_who,
      identity AS its_identity,
      accesskeyid AS its_key,
      ROW_NUMBER() OVER (ORDER BY (
        id = TRIM(CAST($event AS VARCHAR))
      ) DESC, time DESC, id) AS window_1
    FROM happened
    WHERE
      CAST($moment AS TIMESTAMP WITH TIME ZONE) IS NULL
      AND CASE
        WHEN CAST($event AS VARCHAR) IS NULL
        THEN log = 'cloudtrail' AND NOT error IS NULL
        ELSE id = TRIM(CAST($event AS VARCHAR)) OR requestid = TRIM(CAST($event AS VARCHAR))
      END
  ) AS numbered
  WHERE
    window_1 = 1
  UNION ALL
  SELECT
    CAST($moment AS TIMESTAMP WITH TIME ZONE),
    NULL,
    NULL,
    NULL
  WHERE
    NOT CAST($moment AS TIMESTAMP WITH TIME ZONE) IS NULL
)
SELECT
  time,
  DATE_DIFF('SECOND', DATE_TRUNC('SECOND', middle), DATE_TRUNC('SECOND', time)) AS seconds,
  log,
  action,
  who,
  error,
  detail,
  sourceipaddress,
  account,
  region,
  id
FROM happened, center
WHERE
  time >= middle - (
    (
      COALESCE(CAST($minutes AS INTEGER), 15)
    ) * INTERVAL '1' MINUTE
  )
  AND time <= middle + (
    (
      COALESCE(CAST($minutes AS INTEGER), 15)
    ) * INTERVAL '1' MINUTE
  )
  AND (
    CAST($same AS VARCHAR) IS NULL
    OR (
      CAST($same AS VARCHAR) = 'actor'
      AND (
        who = its_who OR identity = its_identity OR accesskeyid = its_key
      )
    )
  )
ORDER BY
  time,
  log,
  id
