-- Changes of who may use which model
-- Model access, agreements, resource policies, provisioned throughput and guardrails that were granted,
-- changed or removed.
select
  eventtime,
  actor_kind,
  actor,
  eventsource,
  eventname,
  coalesce(
    json_extract_string(requestparameters, '$.modelId'),
    json_extract_string(requestparameters, '$.modelPackageGroupName'),
    json_extract_string(requestparameters, '$.modelPackageArn'),
    json_extract_string(requestparameters, '$.guardrailIdentifier'),
    json_extract_string(requestparameters, '$.resourceArn')
  ) as of_what,
  requestparameters,
  errorcode,
  sourceipaddress,
  recipientaccountid,
  awsregion,
  eventid
from cloudtrail
where (
  eventsource = 'bedrock.amazonaws.com'
  and regexp_matches(
    eventname,
    '^(PutFoundationModelEntitlement|(Create|Delete)FoundationModelAgreement|PutUseCaseForModelAccess|(Put|Delete)ResourcePolicy|(Create|Update|Delete)(Guardrail|ProvisionedModelThroughput|InferenceProfile))$'
  )
)
or (
  eventsource = 'sagemaker.amazonaws.com'
  and eventname in ('PutModelPackageGroupPolicy', 'DeleteModelPackageGroupPolicy', 'UpdateModelPackage')
)
order by eventtime desc
limit 1000
