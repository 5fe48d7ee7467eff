-- isolation-off.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  eventtime,
  actor,
  eventname,
  COALESCE(
    JSON_EXTRACT_SCALAR(requestparameters, '$.modelName'),
    JSON_EXTRACT_SCALAR(requestparameters, '$.trainingJobName'),
    JSON_EXTRACT_SCALAR(requestparameters, '$.processingJobName'),
    JSON_EXTRACT_SCALAR(requestparameters, '$.notebookInstanceName'),
    JSON_EXTRACT_SCALAR(requestparameters, '$.domainName'),
    JSON_EXTRACT_SCALAR(requestparameters, '$.domainId')
  ) AS name,
  COALESCE(
    JSON_EXTRACT_SCALAR(requestparameters, '$.enableNetworkIsolation'),
    JSON_EXTRACT_SCALAR(requestparameters, '$.networkConfig.enableNetworkIsolation')
  ) AS network_isolation,
  NOT COALESCE(
    JSON_FORMAT(JSON_EXTRACT(requestparameters, '$.vpcConfig')),
    JSON_FORMAT(JSON_EXTRACT(requestparameters, '$.networkConfig.vpcConfig'))
  ) IS NULL
  OR NOT JSON_FORMAT(JSON_EXTRACT(requestparameters, '$.subnetId')) IS NULL AS in_vpc,
  JSON_EXTRACT_SCALAR(requestparameters, '$.directInternetAccess') AS direct_internet_access,
  JSON_EXTRACT_SCALAR(requestparameters, '$.appNetworkAccessType') AS app_network_access,
  JSON_EXTRACT_SCALAR(requestparameters, '$.rootAccess') AS root_access,
  errorcode,
  recipientaccountid,
  awsregion,
  eventid
FROM cloudtrail
WHERE
  eventsource = 'sagemaker.amazonaws.com'
  AND (
    (
      eventname IN (
        'CreateModel',
        'CreateTrainingJob',
        'CreateProcessingJob',
        'CreateHyperParameterTuningJob'
      )
      AND COALESCE(
        JSON_EXTRACT_SCALAR(requestparameters, '$.enableNetworkIsolation'),
        JSON_EXTRACT_SCALAR(requestparameters, '$.networkConfig.enableNetworkIsolation'),
        JSON_EXTRACT_SCALAR(requestparameters, '$.trainingJobDefinition.enableNetworkIsolation'),
        'false'
      ) <> 'true'
    )
    OR (
      eventname IN ('CreateNotebookInstance', 'UpdateNotebookInstance')
      AND COALESCE(JSON_EXTRACT_SCALAR(requestparameters, '$.directInternetAccess'), 'Enabled') = 'Enabled'
    )
    OR (
      eventname IN ('CreateDomain', 'UpdateDomain')
      AND JSON_EXTRACT_SCALAR(requestparameters, '$.appNetworkAccessType') = 'PublicInternetOnly'
    )
  )
ORDER BY
  eventtime DESC
