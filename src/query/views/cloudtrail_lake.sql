-- CloudTrail with the columns of CloudTrail Lake
-- One row per event, nested as in an event data store: queries written for CloudTrail Lake run when
-- `cloudtrail_lake` stands where the store's id stood. `cloudtrail` is the same, flat, and quicker to ask.
-- useridentity: Who made the request, nested as in the record.
-- requestparameters: The parameters of the request, by name; a nested one is JSON text.
-- responseelements: What the service answered, by name; what is nested is JSON text.
-- additionaleventdata: More about the event, by name; what is nested is JSON text.
-- resources: The resources the event touched.
-- serviceeventdetails: What a service event was about, by name; what is nested is JSON text.
-- addendum: Why an event came late or again, by name.
-- edgedevicedetails: The edge device, by name.
-- insightdetails: What was unusual, by name; what is nested is JSON text.
-- eventcontext: Condition keys of the request, and tags of the resources and of the principal; each by its
--   name.
-- tlsdetails: TLS version, cipher suite, host name and key exchange of the request.
-- eventjson: The event as JSON, put together again from the columns; what was null is not in it, an object
--   may be empty, and what is nested deeper than 500 is a text.
-- eventjsonchecksum: Null: CloudTrail Lake alone signs its events.
-- portable: no, because it is for queries that were written for CloudTrail Lake, and puts the event together again.
select
  eventversion,
  {
    'type': useridentity_type,
    'principalId': useridentity_principalid,
    'arn': useridentity_arn,
    'accountId': useridentity_accountid,
    'accessKeyId': useridentity_accesskeyid,
    'userName': useridentity_username,
    'sessionContext': {
      'attributes': {
        'creationDate': useridentity_sessioncontext_attributes_creationdate,
        'mfaAuthenticated': useridentity_sessioncontext_attributes_mfaauthenticated
      },
      'sessionIssuer': {
        'type': useridentity_sessioncontext_sessionissuer_type,
        'principalId': useridentity_sessioncontext_sessionissuer_principalid,
        'arn': useridentity_sessioncontext_sessionissuer_arn,
        'accountId': useridentity_sessioncontext_sessionissuer_accountid,
        'userName': useridentity_sessioncontext_sessionissuer_username
      },
      'webIdFederationData': {
        'federatedProvider': useridentity_sessioncontext_webidfederationdata_federatedprovider,
        'attributes': from_json(
          useridentity_sessioncontext_webidfederationdata_attributes, '"map(varchar, varchar)"'
        )
      },
      'sourceIdentity': useridentity_sessioncontext_sourceidentity,
      'ec2RoleDelivery': useridentity_sessioncontext_ec2roledelivery,
      'ec2IssuedInVpc': unmapped ->> '$.userIdentity.sessionContext.ec2IssuedInVpc',
      'assumedRoot': useridentity_sessioncontext_assumedroot
    },
    'invokedBy': useridentity_invokedby,
    'identityProvider': useridentity_identityprovider,
    'credentialId': useridentity_credentialid,
    'onBehalfOf': {
      'userId': useridentity_onbehalfof_userid,
      'identityStoreArn': useridentity_onbehalfof_identitystorearn
    },
    'inScopeOf': {
      'sourceArn': useridentity_inscopeof_sourcearn,
      'sourceAccount': useridentity_inscopeof_sourceaccount,
      'issuerType': useridentity_inscopeof_issuertype,
      'credentialsIssuedTo': useridentity_inscopeof_credentialsissuedto
    }
  } as useridentity,
  eventtime,
  eventsource,
  eventname,
  awsregion,
  sourceipaddress,
  useragent,
  errorcode,
  errormessage,
  from_json(requestparameters, '"map(varchar, varchar)"') as requestparameters,
  from_json(responseelements, '"map(varchar, varchar)"') as responseelements,
  from_json(additionaleventdata, '"map(varchar, varchar)"') as additionaleventdata,
  requestid,
  eventid,
  readonly,
  list_transform(
    from_json(resources, '["json"]'),
    lambda item: {
      'accountId': item ->> 'accountId',
      'type': item ->> 'type',
      'arn': item ->> 'ARN',
      'arnprefix': item ->> 'ARNPrefix'
    }
  ) as resources,
  eventtype,
  apiversion,
  managementevent,
  recipientaccountid,
  sharedeventid,
  annotation,
  vpcendpointid,
  vpcendpointaccountid,
  from_json(serviceeventdetails, '"map(varchar, varchar)"') as serviceeventdetails,
  from_json(addendum, '"map(varchar, varchar)"') as addendum,
  from_json(edgedevicedetails, '"map(varchar, varchar)"') as edgedevicedetails,
  from_json(insightdetails, '"map(varchar, varchar)"') as insightdetails,
  eventcategory,
  {
    'tlsVersion': tlsdetails_tlsversion,
    'cipherSuite': tlsdetails_ciphersuite,
    'clientProvidedHostHeader': tlsdetails_clientprovidedhostheader,
    'keyExchange': tlsdetails_keyexchange
  } as tlsdetails,
  sessioncredentialfromconsole,
  {
    'requestContext': from_json(eventcontext -> '$.requestContext', '"map(varchar, varchar)"'),
    'tagContext': {
      'resourceTags': from_json(
        eventcontext -> '$.tagContext.resourceTags', '[{"arn": "varchar", "tags": "map(varchar, varchar)"}]'
      ),
      'principalTags': from_json(eventcontext -> '$.tagContext.principalTags', '"map(varchar, varchar)"')
    }
  } as eventcontext,
  system.main.json_merge_patch(
    '{}',
    json_object(
      'eventVersion', eventversion,
      'userIdentity', system.main.json_merge_patch(
        useridentity::json,
        json_object('sessionContext', json_object('attributes', json_object(
          'creationDate', strftime(useridentity_sessioncontext_attributes_creationdate, '%Y-%m-%dT%H:%M:%SZ')
        )))
      ),
      'eventTime', strftime(eventtime, '%Y-%m-%dT%H:%M:%SZ'),
      'eventSource', eventsource,
      'eventName', eventname,
      'awsRegion', awsregion,
      'sourceIPAddress', sourceipaddress,
      'userAgent', useragent,
      'errorCode', errorcode,
      'errorMessage', errormessage,
      'requestParameters', trino.shallow(cloudtrail.requestparameters),
      'responseElements', trino.shallow(cloudtrail.responseelements),
      'additionalEventData', trino.shallow(cloudtrail.additionaleventdata),
      'requestID', requestid,
      'eventID', eventid,
      'readOnly', readonly,
      'resources', trino.shallow(cloudtrail.resources),
      'eventType', eventtype,
      'apiVersion', apiversion,
      'managementEvent', managementevent,
      'recipientAccountId', recipientaccountid,
      'sharedEventID', sharedeventid,
      'vpcEndpointId', vpcendpointid,
      'vpcEndpointAccountId', vpcendpointaccountid,
      'serviceEventDetails', trino.shallow(cloudtrail.serviceeventdetails),
      'addendum', trino.shallow(cloudtrail.addendum),
      'edgeDeviceDetails', trino.shallow(cloudtrail.edgedevicedetails),
      'insightDetails', trino.shallow(cloudtrail.insightdetails),
      'eventCategory', eventcategory,
      'tlsDetails', tlsdetails::json,
      'sessionCredentialFromConsole', sessioncredentialfromconsole,
      'annotation', annotation,
      'eventContext', trino.shallow(cloudtrail.eventcontext)
    ),
    case when trino.is_deep(unmapped) then json_object('unmapped', unmapped) else coalesce(unmapped::json, '{}') end
  )::varchar as eventjson,
  null::varchar as eventjsonchecksum,
  lake_day
from cloudtrail
