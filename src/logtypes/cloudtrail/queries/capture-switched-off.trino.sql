-- capture-switched-off.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
WITH configuration AS (
  SELECT
    recipientaccountid,
    awsregion,
    JSON_EXTRACT_SCALAR(requestparameters, '$.endpointConfigName') AS name,
    COALESCE(
      JSON_EXTRACT_SCALAR(requestparameters, '$.dataCaptureConfig.enableCapture'),
      'false'
    ) AS captures,
    eventtime
  FROM cloudtrail
  WHERE
    eventsource = 'sagemaker.amazonaws.com'
    AND eventname = 'CreateEndpointConfig'
    AND errorcode IS NULL
)
SELECT
  changed.eventtime,
  changed.actor_kind,
  changed.actor,
  changed.eventname,
  COALESCE(
    JSON_EXTRACT_SCALAR(changed.requestparameters, '$.endpointName'),
    JSON_EXTRACT_SCALAR(changed.requestparameters, '$.monitoringScheduleName'),
    JSON_EXTRACT_SCALAR(changed.requestparameters, '$.guardrailIdentifier'),
    JSON_EXTRACT_SCALAR(changed.requestparameters, '$.name'),
    JSON_EXTRACT_SCALAR(changed.requestparameters, '$.trailName')
  ) AS of_what,
  JSON_EXTRACT_SCALAR(changed.requestparameters, '$.endpointConfigName') AS endpointconfigname,
  changed.errorcode,
  changed.sourceipaddress,
  changed.recipientaccountid,
  changed.awsregion,
  changed.eventid
FROM cloudtrail AS changed
LEFT JOIN configuration
  ON changed.eventname IN ('CreateEndpoint', 'UpdateEndpoint')
  AND configuration.recipientaccountid = changed.recipientaccountid
  AND configuration.awsregion = changed.awsregion
  AND configuration.name = JSON_EXTRACT_SCALAR(changed.requestparameters, '$.endpointConfigName')
  AND configuration.eventtime <= changed.eventtime
WHERE
  (
    changed.eventsource = 'sagemaker.amazonaws.com'
    AND (
      changed.eventname IN ('DeleteMonitoringSchedule', 'StopMonitoringSchedule')
      OR /* an endpoint that gets a configuration which does not capture */ (
        changed.eventname IN ('CreateEndpoint', 'UpdateEndpoint')
        AND configuration.captures = 'false'
      )
    )
  )
  OR (
    changed.eventsource = 'bedrock.amazonaws.com'
    AND changed.eventname IN ('DeleteModelInvocationLoggingConfiguration', 'DeleteGuardrail')
  )
  OR (
    changed.eventsource = 'cloudtrail.amazonaws.com'
    AND changed.eventname IN (
      'StopLogging',
      'DeleteTrail',
      'PutEventSelectors',
      'DeleteEventDataStore',
      'StopEventDataStoreIngestion'
    )
  )
ORDER BY
  changed.eventtime DESC
