-- Changes to who may use which model
-- Model access granted or given up, guardrails and inference profiles changed, invocation logging switched, keys for Bedrock made;
-- attempts that were refused, too.
select
  eventtime,
  recipientaccountid,
  awsregion,
  eventname,
  coalesce(
    requestparameters ->> '$.modelId',
    requestparameters ->> '$.guardrailIdentifier',
    requestparameters ->> '$.inferenceProfileName',
    requestparameters ->> '$.userName'
  ) as what,
  coalesce(useridentity_sessioncontext_sourceidentity, useridentity_arn, useridentity_principalid) as who,
  errorcode,
  sourceipaddress,
  eventid
from cloudtrail
where (
    eventsource = 'bedrock.amazonaws.com'
    and regexp_matches(
      eventname,
      '^(Put|Create|Update|Delete)(FoundationModel|UseCase|ModelInvocationLogging|Guardrail|InferenceProfile|ProvisionedModel|CustomModel|ImportedModel|ResourcePolicy|MarketplaceModel|EnforcedGuardrail)'
    )
  )
  or (
    eventsource = 'iam.amazonaws.com'
    and eventname = 'CreateServiceSpecificCredential'
    and (requestparameters ->> '$.serviceName') = 'bedrock.amazonaws.com'
  )
order by eventtime desc
limit 1000
