-- CloudTrail as Athena's documented table has it
-- One row per event, in the shape of the table that the Athena guide makes of CloudTrail's files, with the
-- partition columns of AWS's templates: published queries run with this name in the table's place. Here
-- functions mean what they mean to Athena (docs/queries-from-athena.md). Filters on `lake_day` alone leave
-- files out: the times are text.
-- useridentity: Who made the request, nested as in the record.
-- eventtime: When the event happened, as text: `2026-01-07T22:16:43Z`.
-- readonly: Whether the call was meant to change nothing, as text.
-- resources: The resources the event touched.
-- addendum: Why an event came late or again.
-- tlsdetails: TLS version, cipher suite, host name and key exchange of the request.
-- managementevent: Whether it is a management event, as text.
-- account: The account that the event was delivered to.
-- account_id: The same.
-- accountid: The same.
-- account_partition: The same.
-- region: The Region of the event.
-- region_partition: The same.
-- year: The year of the event, four digits.
-- month: The month, two digits.
-- day: The day, two digits.
-- hour: The hour, two digits.
-- timestamp: The day of the event: `2026/01/07`.
-- date: The same.
-- dt: The same.
-- eventday: The same.
-- date_partition: The same.
select
  eventversion,
  {
    'type': useridentity_type,
    'principalid': useridentity_principalid,
    'arn': useridentity_arn,
    'accountid': useridentity_accountid,
    'invokedby': useridentity_invokedby,
    'accesskeyid': useridentity_accesskeyid,
    'username': useridentity_username,
    'identityprovider': useridentity_identityprovider,
    'credentialid': useridentity_credentialid,
    'onbehalfof': {
      'userid': useridentity_onbehalfof_userid,
      'identitystorearn': useridentity_onbehalfof_identitystorearn
    },
    'inscopeof': {
      'sourcearn': useridentity_inscopeof_sourcearn,
      'sourceaccount': useridentity_inscopeof_sourceaccount,
      'issuertype': useridentity_inscopeof_issuertype,
      'credentialsissuedto': useridentity_inscopeof_credentialsissuedto
    },
    'sessioncontext': {
      'attributes': {
        'mfaauthenticated': useridentity_sessioncontext_attributes_mfaauthenticated::varchar,
        'creationdate': strftime(useridentity_sessioncontext_attributes_creationdate, '%Y-%m-%dT%H:%M:%SZ')
      },
      'sessionissuer': {
        'type': useridentity_sessioncontext_sessionissuer_type,
        'principalid': useridentity_sessioncontext_sessionissuer_principalid,
        'arn': useridentity_sessioncontext_sessionissuer_arn,
        'accountid': useridentity_sessioncontext_sessionissuer_accountid,
        'username': useridentity_sessioncontext_sessionissuer_username
      },
      'ec2roledelivery': useridentity_sessioncontext_ec2roledelivery,
      'sourceidentity': useridentity_sessioncontext_sourceidentity,
      'webidfederationdata': {
        'federatedprovider': useridentity_sessioncontext_webidfederationdata_federatedprovider,
        'attributes': from_json(
          useridentity_sessioncontext_webidfederationdata_attributes, '"map(varchar, varchar)"'
        )
      }
    }
  } as useridentity,
  strftime(eventtime, '%Y-%m-%dT%H:%M:%SZ') as eventtime,
  eventsource,
  eventname,
  awsregion,
  sourceipaddress,
  useragent,
  errorcode,
  errormessage,
  requestparameters::varchar as requestparameters,
  responseelements::varchar as responseelements,
  additionaleventdata::varchar as additionaleventdata,
  requestid,
  eventid,
  readonly::varchar as readonly,
  list_transform(
    from_json(resources, '["json"]'),
    lambda item: {
      'arn': item ->> 'ARN',
      'accountid': item ->> 'accountId',
      'type': item ->> 'type'
    }
  ) as resources,
  eventtype,
  apiversion,
  recipientaccountid,
  serviceeventdetails::varchar as serviceeventdetails,
  sharedeventid,
  vpcendpointid,
  vpcendpointaccountid,
  eventcategory,
  managementevent::varchar as managementevent,
  {
    'reason': addendum ->> '$.reason',
    'updatedfields': addendum ->> '$.updatedFields',
    'originalrequestid': addendum ->> '$.originalRequestID',
    'originaleventid': addendum ->> '$.originalEventID'
  } as addendum,
  sessioncredentialfromconsole,
  edgedevicedetails::varchar as edgedevicedetails,
  {
    'tlsversion': tlsdetails_tlsversion,
    'ciphersuite': tlsdetails_ciphersuite,
    'clientprovidedhostheader': tlsdetails_clientprovidedhostheader,
    'keyexchange': tlsdetails_keyexchange
  } as tlsdetails,
  recipientaccountid as account,
  recipientaccountid as account_id,
  recipientaccountid as accountid,
  recipientaccountid as account_partition,
  awsregion as region,
  awsregion as region_partition,
  strftime(lake_day, '%Y') as year,
  strftime(lake_day, '%m') as month,
  strftime(lake_day, '%d') as day,
  strftime(eventtime, '%H') as hour,
  strftime(lake_day, '%Y/%m/%d') as "timestamp",
  strftime(lake_day, '%Y/%m/%d') as "date",
  strftime(lake_day, '%Y/%m/%d') as dt,
  strftime(lake_day, '%Y/%m/%d') as eventday,
  strftime(lake_day, '%Y/%m/%d') as date_partition,
  lake_day
from cloudtrail
