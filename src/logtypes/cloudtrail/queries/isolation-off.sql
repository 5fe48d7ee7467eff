-- Models and notebooks open to the internet
-- Jobs, models, notebooks and domains that were made or changed without network isolation, outside a VPC, or
-- with direct internet access.
select
  eventtime,
  actor,
  eventname,
  coalesce(
    json_extract_string(requestparameters, '$.modelName'),
    json_extract_string(requestparameters, '$.trainingJobName'),
    json_extract_string(requestparameters, '$.processingJobName'),
    json_extract_string(requestparameters, '$.notebookInstanceName'),
    json_extract_string(requestparameters, '$.domainName'),
    json_extract_string(requestparameters, '$.domainId')
  ) as name,
  coalesce(
    json_extract_string(requestparameters, '$.enableNetworkIsolation'),
    json_extract_string(requestparameters, '$.networkConfig.enableNetworkIsolation')
  ) as network_isolation,
  coalesce(json_extract(requestparameters, '$.vpcConfig'), json_extract(requestparameters, '$.networkConfig.vpcConfig')) is not null
    or json_extract(requestparameters, '$.subnetId') is not null as in_vpc,
  json_extract_string(requestparameters, '$.directInternetAccess') as direct_internet_access,
  json_extract_string(requestparameters, '$.appNetworkAccessType') as app_network_access,
  json_extract_string(requestparameters, '$.rootAccess') as root_access,
  errorcode,
  recipientaccountid,
  awsregion,
  eventid
from cloudtrail
where eventsource = 'sagemaker.amazonaws.com'
  and (
    (
      eventname in ('CreateModel', 'CreateTrainingJob', 'CreateProcessingJob', 'CreateHyperParameterTuningJob')
      and coalesce(
        json_extract_string(requestparameters, '$.enableNetworkIsolation'),
        json_extract_string(requestparameters, '$.networkConfig.enableNetworkIsolation'),
        json_extract_string(requestparameters, '$.trainingJobDefinition.enableNetworkIsolation'),
        'false'
      ) <> 'true'
    )
    or (
      eventname in ('CreateNotebookInstance', 'UpdateNotebookInstance')
      and coalesce(json_extract_string(requestparameters, '$.directInternetAccess'), 'Enabled') = 'Enabled'
    )
    or (
      eventname in ('CreateDomain', 'UpdateDomain')
      and json_extract_string(requestparameters, '$.appNetworkAccessType') = 'PublicInternetOnly'
    )
  )
order by eventtime desc
limit 1000
