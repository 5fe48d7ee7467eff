-- Makes one flat row of each CloudTrail record. `record` has the fields of the log type's shape: texts as
-- VARCHAR, times as TIMESTAMP, objects as STRUCT, and fields that vary by event as JSON text; "unmapped" has
-- the values that no field holds.
select
  make_timestamptz(epoch_us("eventTime")) as eventtime,
  "eventID" as eventid,
  "eventSource" as eventsource,
  "eventName" as eventname,
  "awsRegion" as awsregion,
  "recipientAccountId" as recipientaccountid,
  "sourceIPAddress" as sourceipaddress,
  "userAgent" as useragent,
  "errorCode" as errorcode,
  "errorMessage" as errormessage,
  "userIdentity"."type" as useridentity_type,
  "userIdentity"."principalId" as useridentity_principalid,
  "userIdentity"."arn" as useridentity_arn,
  "userIdentity"."accountId" as useridentity_accountid,
  "userIdentity"."accessKeyId" as useridentity_accesskeyid,
  "userIdentity"."userName" as useridentity_username,
  "userIdentity"."invokedBy" as useridentity_invokedby,
  "userIdentity"."invokedByDelegate"."accountId" as useridentity_invokedbydelegate_accountid,
  "userIdentity"."identityProvider" as useridentity_identityprovider,
  "userIdentity"."credentialId" as useridentity_credentialid,
  "userIdentity"."onBehalfOf"."userId" as useridentity_onbehalfof_userid,
  "userIdentity"."onBehalfOf"."identityStoreArn" as useridentity_onbehalfof_identitystorearn,
  "userIdentity"."inScopeOf"."sourceArn" as useridentity_inscopeof_sourcearn,
  "userIdentity"."inScopeOf"."sourceAccount" as useridentity_inscopeof_sourceaccount,
  "userIdentity"."inScopeOf"."issuerType" as useridentity_inscopeof_issuertype,
  "userIdentity"."inScopeOf"."credentialsIssuedTo" as useridentity_inscopeof_credentialsissuedto,
  "userIdentity"."inScopeOf"."credentialsIssuedToVersion" as useridentity_inscopeof_credentialsissuedtoversion,
  "userIdentity"."sessionContext"."sessionIssuer"."type" as useridentity_sessioncontext_sessionissuer_type,
  "userIdentity"."sessionContext"."sessionIssuer"."principalId" as useridentity_sessioncontext_sessionissuer_principalid,
  "userIdentity"."sessionContext"."sessionIssuer"."arn" as useridentity_sessioncontext_sessionissuer_arn,
  "userIdentity"."sessionContext"."sessionIssuer"."accountId" as useridentity_sessioncontext_sessionissuer_accountid,
  "userIdentity"."sessionContext"."sessionIssuer"."userName" as useridentity_sessioncontext_sessionissuer_username,
  "userIdentity"."sessionContext"."webIdFederationData"."federatedProvider" as useridentity_sessioncontext_webidfederationdata_federatedprovider,
  "userIdentity"."sessionContext"."webIdFederationData"."attributes" as useridentity_sessioncontext_webidfederationdata_attributes,
  make_timestamptz(epoch_us("userIdentity"."sessionContext"."attributes"."creationDate")) as useridentity_sessioncontext_attributes_creationdate,
  "userIdentity"."sessionContext"."attributes"."mfaAuthenticated" as useridentity_sessioncontext_attributes_mfaauthenticated,
  "userIdentity"."sessionContext"."sourceIdentity" as useridentity_sessioncontext_sourceidentity,
  "userIdentity"."sessionContext"."ec2RoleDelivery" as useridentity_sessioncontext_ec2roledelivery,
  "userIdentity"."sessionContext"."assumedRoot" as useridentity_sessioncontext_assumedroot,
  "requestParameters" as requestparameters,
  "responseElements" as responseelements,
  "additionalEventData" as additionaleventdata,
  "resources" as resources,
  "requestID" as requestid,
  "eventType" as eventtype,
  "eventCategory" as eventcategory,
  "eventVersion" as eventversion,
  "apiVersion" as apiversion,
  try_cast("managementEvent" as boolean) as managementevent,
  try_cast("readOnly" as boolean) as readonly,
  "sharedEventID" as sharedeventid,
  "vpcEndpointId" as vpcendpointid,
  "vpcEndpointAccountId" as vpcendpointaccountid,
  "serviceEventDetails" as serviceeventdetails,
  "insightDetails" as insightdetails,
  "addendum" as addendum,
  "edgeDeviceDetails" as edgedevicedetails,
  "eventContext" as eventcontext,
  "annotation" as annotation,
  "sessionCredentialFromConsole" as sessioncredentialfromconsole,
  "tlsDetails"."tlsVersion" as tlsdetails_tlsversion,
  "tlsDetails"."cipherSuite" as tlsdetails_ciphersuite,
  "tlsDetails"."clientProvidedHostHeader" as tlsdetails_clientprovidedhostheader,
  "tlsDetails"."keyExchange" as tlsdetails_keyexchange,
  case
    -- athena and sagemaker have a StartSession of their own, whose ids are not Session Manager's
    when "eventSource" = 'ssm.amazonaws.com' and "eventName" in ('StartSession', 'ResumeSession', 'TerminateSession')
    then nullif(lower(regexp_extract(
      coalesce("responseElements" ->> '$.sessionId', "requestParameters" ->> '$.sessionId'), '([^-]+)$', 1
    )), '')
  end as f_sessionid,
  case
    when "userIdentity"."type" in ('AssumedRole', 'Role') then
      case
        when starts_with("userIdentity"."sessionContext"."sessionIssuer"."userName", 'AWSReservedSSO_') then 'identity center'
        else 'assumed role'
      end
    when "userIdentity"."type" = 'AWSService' then 'AWS service'
    when "userIdentity"."type" = 'IAMUser' then 'IAM user'
    when "userIdentity"."type" = 'Root' then 'root'
    when "userIdentity"."type" in ('FederatedUser', 'SAMLUser', 'WebIdentityUser') then 'federated user'
    when "userIdentity"."type" = 'IdentityCenterUser' then 'identity center'
    when "userIdentity"."type" = 'AWSAccount' then 'AWS account'
    when "userIdentity"."type" is null and ("userIdentity"."invokedBy" is not null or "eventType" = 'AwsServiceEvent') then 'AWS service'
    else "userIdentity"."type"
  end as actor_kind,
  case
    when "userIdentity"."type" in ('AssumedRole', 'Role') then concat_ws(
      ' via ',
      -- the person, if the session has a source identity; a session's name is chosen by its caller
      coalesce(
        "userIdentity"."sessionContext"."sourceIdentity",
        nullif(split_part("userIdentity"."principalId", ':', 2), '')
      ),
      case
        -- AWSReservedSSO_<permission set>_<16 hexadecimal digits>
        when starts_with("userIdentity"."sessionContext"."sessionIssuer"."userName", 'AWSReservedSSO_')
        then substr("userIdentity"."sessionContext"."sessionIssuer"."userName", 16, length("userIdentity"."sessionContext"."sessionIssuer"."userName") - 32)
        else coalesce("userIdentity"."sessionContext"."sessionIssuer"."userName", split_part("userIdentity"."arn", '/', 2))
      end
    )
    when "userIdentity"."type" = 'Root' then concat('root of ', coalesce("userIdentity"."accountId", "recipientAccountId"))
    when "userIdentity"."type" = 'AWSAccount' then
      case
        -- ANONYMOUS_PRINCIPAL, and anonymous in newer events
        when lower(coalesce("userIdentity"."accountId", "userIdentity"."principalId")) in ('anonymous', 'anonymous_principal')
        then 'anonymous'
        else coalesce('account ' || "userIdentity"."accountId", "userIdentity"."principalId")
      end
    when "userIdentity"."type" = 'AWSService' or "userIdentity"."type" is null and ("userIdentity"."invokedBy" is not null or "eventType" = 'AwsServiceEvent')
    then coalesce(nullif(nullif("userIdentity"."invokedBy", 'AWS Internal'), ''), "eventSource")
    -- of type Unknown, or of none
    when lower(coalesce("userIdentity"."userName", "userIdentity"."arn", nullif("userIdentity"."principalId", ''), "userIdentity"."accountId"))
      in ('anonymous', 'anonymous_principal')
    then 'anonymous'
    else coalesce(
      "userIdentity"."userName",
      "userIdentity"."onBehalfOf"."userId",
      nullif(split_part("userIdentity"."arn", '/', -1), ''),
      "userIdentity"."principalId",
      "userIdentity"."accountId"
    )
  end as actor,
  lake_unmapped as unmapped,
  lake_object
from record
