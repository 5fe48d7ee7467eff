-- model-access-changes.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  eventtime,
  actor_kind,
  actor,
  eventsource,
  eventname,
  COALESCE(
    JSON_EXTRACT_SCALAR(requestparameters, '$.modelId'),
    JSON_EXTRACT_SCALAR(requestparameters, '$.modelPackageGroupName'),
    JSON_EXTRACT_SCALAR(requestparameters, '$.modelPackageArn'),
    JSON_EXTRACT_SCALAR(requestparameters, '$.guardrailIdentifier'),
    JSON_EXTRACT_SCALAR(requestparameters, '$.resourceArn')
  ) AS of_what,
  requestparameters,
  errorcode,
  sourceipaddress,
  recipientaccountid,
  awsregion,
  eventid
FROM cloudtrail
WHERE
  (
    eventsource = 'bedrock.amazonaws.com'
    AND REGEXP_LIKE(
      eventname,
      '^(PutFoundationModelEntitlement|(Create|Delete)FoundationModelAgreement|PutUseCaseForModelAccess|(Put|Delete)ResourcePolicy|(Create|Update|Delete)(Guardrail|ProvisionedModelThroughput|InferenceProfile))$'
    )
  )
  OR (
    eventsource = 'sagemaker.amazonaws.com'
    AND eventname IN (
      'PutModelPackageGroupPolicy',
      'DeleteModelPackageGroupPolicy',
      'UpdateModelPackage'
    )
  )
ORDER BY
  eventtime DESC
