-- The same columns of GuardDuty's findings, for the kind of action in the corpus.
copy (
  with line as (
    select filename, json as record
    from read_json_objects({{files}}, format = 'newline_delimited', filename = true)
  ),
  finding as (
    select
      filename,
      unnest(json_transform(record, '{"schemaVersion":"VARCHAR","accountId":"VARCHAR","region":"VARCHAR","partition":"VARCHAR","id":"VARCHAR","arn":"VARCHAR","type":"VARCHAR","resource":"JSON","service":"JSON","severity":"DOUBLE","confidence":"DOUBLE","associatedAttackSequenceArn":"VARCHAR","createdAt":"TIMESTAMP","updatedAt":"TIMESTAMP","title":"VARCHAR","description":"VARCHAR"}')),
      json_transform(record, '{"resource":{"resourceType":"VARCHAR","accessKeyDetails":{"accessKeyId":"VARCHAR","principalId":"VARCHAR","userName":"VARCHAR","userType":"VARCHAR"},"instanceDetails":{"instanceId":"VARCHAR"},"modelDetails":[{"modelId":"VARCHAR"}],"bedrockGuardrailDetails":"JSON"},"service":{"count":"BIGINT","eventFirstSeen":"TIMESTAMP","eventLastSeen":"TIMESTAMP","archived":"BOOLEAN","resourceRole":"VARCHAR","featureName":"VARCHAR","userFeedback":"VARCHAR","detectorId":"VARCHAR","additionalInfo":{"value":"VARCHAR"},"action":{"actionType":"VARCHAR","awsApiCallAction":{"api":"VARCHAR","serviceName":"VARCHAR","callerType":"VARCHAR","errorCode":"VARCHAR","userAgent":"VARCHAR","remoteIpDetails":{"ipAddressV4":"VARCHAR","ipAddressV6":"VARCHAR","country":{"countryName":"VARCHAR"},"city":{"cityName":"VARCHAR"},"organization":{"asn":"VARCHAR","org":"VARCHAR","asnOrg":"VARCHAR"}}}}}}') as known,
      case
        when len(list_filter(json_keys(record), lambda key: key not in (
          'schemaVersion', 'accountId', 'region', 'partition', 'id', 'arn', 'type', 'resource', 'service', 'severity',
          'confidence', 'associatedAttackSequenceArn', 'createdAt', 'updatedAt', 'title', 'description'
        ))) > 0 then record
      end as unmapped
    from line
  )
  select
    make_timestamptz(epoch_us("updatedAt")) as updatedat,
    id,
    make_timestamptz(epoch_us("createdAt")) as createdat,
    "accountId" as accountid,
    region,
    type,
    severity,
    case when severity < 4 then 'Low' when severity < 7 then 'Medium' when severity < 9 then 'High' else 'Critical' end as severitylabel,
    title,
    description,
    known.resource."resourceType" as resource_resourcetype,
    known.resource."accessKeyDetails"."accessKeyId" as resource_accesskeydetails_accesskeyid,
    known.resource."accessKeyDetails"."principalId" as resource_accesskeydetails_principalid,
    known.resource."accessKeyDetails"."userName" as resource_accesskeydetails_username,
    known.resource."accessKeyDetails"."userType" as resource_accesskeydetails_usertype,
    known.resource."instanceDetails"."instanceId" as resource_instancedetails_instanceid,
    list_transform(known.resource."modelDetails", lambda model: model."modelId")::json as modelids,
    known.resource."bedrockGuardrailDetails" as resource_bedrockguardraildetails,
    known.service.count as service_count,
    make_timestamptz(epoch_us(known.service."eventFirstSeen")) as service_eventfirstseen,
    make_timestamptz(epoch_us(known.service."eventLastSeen")) as service_eventlastseen,
    known.service.archived as service_archived,
    known.service."resourceRole" as service_resourcerole,
    known.service."featureName" as service_featurename,
    known.service."userFeedback" as service_userfeedback,
    known.service."detectorId" as service_detectorid,
    known.service.action."actionType" as service_action_actiontype,
    known.service.action."awsApiCallAction".api as service_action_awsapicallaction_api,
    known.service.action."awsApiCallAction"."serviceName" as service_action_awsapicallaction_servicename,
    known.service.action."awsApiCallAction"."callerType" as service_action_awsapicallaction_callertype,
    known.service.action."awsApiCallAction"."errorCode" as service_action_awsapicallaction_errorcode,
    known.service.action."awsApiCallAction"."userAgent" as service_action_awsapicallaction_useragent,
    known.service.action."awsApiCallAction"."remoteIpDetails"."ipAddressV4" as remoteip,
    known.service.action."awsApiCallAction"."remoteIpDetails".country."countryName" as remotecountry,
    known.service.action."awsApiCallAction"."remoteIpDetails".city."cityName" as remotecity,
    known.service.action."awsApiCallAction"."remoteIpDetails".organization.asn as remoteasn,
    known.service.action."awsApiCallAction"."remoteIpDetails".organization.org as remoteorg,
    known.service."additionalInfo".value as additionalinfo,
    arn,
    partition,
    confidence,
    "associatedAttackSequenceArn" as associatedattacksequencearn,
    "schemaVersion" as schemaversion,
    resource,
    service,
    null::varchar as eventbridge_id,
    unmapped,
    filename as lake_object,
    "updatedAt"::date as lake_day,
    now() as lake_ingested_at
  from finding
) to {{target}} (format parquet, compression zstd)
