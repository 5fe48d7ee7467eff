-- cloudtrail_logs.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  eventversion,
  ROW(
    useridentity_type,
    useridentity_principalid,
    useridentity_arn,
    useridentity_accountid,
    useridentity_invokedby,
    useridentity_accesskeyid,
    useridentity_username,
    useridentity_identityprovider,
    useridentity_credentialid,
    ROW(useridentity_onbehalfof_userid, useridentity_onbehalfof_identitystorearn),
    ROW(
      useridentity_inscopeof_sourcearn,
      useridentity_inscopeof_sourceaccount,
      useridentity_inscopeof_issuertype,
      useridentity_inscopeof_credentialsissuedto
    ),
    ROW(
      ROW(
        CAST(useridentity_sessioncontext_attributes_mfaauthenticated AS VARCHAR),
        DATE_FORMAT(useridentity_sessioncontext_attributes_creationdate, '%Y-%m-%dT%TZ')
      ),
      ROW(
        useridentity_sessioncontext_sessionissuer_type,
        useridentity_sessioncontext_sessionissuer_principalid,
        useridentity_sessioncontext_sessionissuer_arn,
        useridentity_sessioncontext_sessionissuer_accountid,
        useridentity_sessioncontext_sessionissuer_username
      ),
      useridentity_sessioncontext_ec2roledelivery,
      useridentity_sessioncontext_sourceidentity,
      ROW(
        useridentity_sessioncontext_webidfederationdata_federatedprovider,
        TRANSFORM_VALUES(
          CAST(JSON_PARSE(useridentity_sessioncontext_webidfederationdata_attributes) AS MAP(VARCHAR, JSON)),
          (k, v) -> COALESCE(JSON_EXTRACT_SCALAR(v, '$'), NULLIF(JSON_FORMAT(v), 'null'))
        )
      )
    )
  ) AS useridentity,
  DATE_FORMAT(eventtime, '%Y-%m-%dT%TZ') AS eventtime,
  eventsource,
  eventname,
  awsregion,
  sourceipaddress,
  useragent,
  errorcode,
  errormessage,
  CAST(requestparameters AS VARCHAR) AS requestparameters,
  CAST(responseelements AS VARCHAR) AS responseelements,
  CAST(additionaleventdata AS VARCHAR) AS additionaleventdata,
  requestid,
  eventid,
  CAST(readonly AS VARCHAR) AS readonly,
  TRANSFORM(
    CAST(JSON_PARSE(resources) AS ARRAY(JSON)),
    item -> ROW(
      JSON_EXTRACT_SCALAR(item, '$.ARN'),
      JSON_EXTRACT_SCALAR(item, '$.accountId'),
      JSON_EXTRACT_SCALAR(item, '$.type')
    )
  ) AS resources,
  eventtype,
  apiversion,
  recipientaccountid,
  CAST(serviceeventdetails AS VARCHAR) AS serviceeventdetails,
  sharedeventid,
  vpcendpointid,
  vpcendpointaccountid,
  eventcategory,
  CAST(managementevent AS VARCHAR) AS managementevent,
  ROW(
    JSON_EXTRACT_SCALAR(addendum, '$.reason'),
    JSON_EXTRACT_SCALAR(addendum, '$.updatedFields'),
    JSON_EXTRACT_SCALAR(addendum, '$.originalRequestID'),
    JSON_EXTRACT_SCALAR(addendum, '$.originalEventID')
  ) AS addendum,
  sessioncredentialfromconsole,
  CAST(edgedevicedetails AS VARCHAR) AS edgedevicedetails,
  ROW(
    tlsdetails_tlsversion,
    tlsdetails_ciphersuite,
    tlsdetails_clientprovidedhostheader,
    tlsdetails_keyexchange
  ) AS tlsdetails,
  recipientaccountid AS account,
  recipientaccountid AS account_id,
  recipientaccountid AS accountid,
  recipientaccountid AS account_partition,
  awsregion AS region,
  awsregion AS region_partition,
  DATE_FORMAT(lake_day, '%Y') AS year,
  DATE_FORMAT(lake_day, '%m') AS month,
  DATE_FORMAT(lake_day, '%d') AS day,
  DATE_FORMAT(eventtime, '%H') AS hour,
  DATE_FORMAT(lake_day, '%Y/%m/%d') AS "timestamp",
  DATE_FORMAT(lake_day, '%Y/%m/%d') AS "date",
  DATE_FORMAT(lake_day, '%Y/%m/%d') AS dt,
  DATE_FORMAT(lake_day, '%Y/%m/%d') AS eventday,
  DATE_FORMAT(lake_day, '%Y/%m/%d') AS date_partition,
  lake_day
FROM cloudtrail
