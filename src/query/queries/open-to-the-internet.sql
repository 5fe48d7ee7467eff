-- Models and notebooks opened to the internet
-- SageMaker resources made or changed so that they reach the internet or are reached from it: no network isolation, no VPC, direct
-- internet access, root on a notebook, a presigned address, a policy for another account.
select
  eventtime,
  eventname,
  case
    when eventname like 'CreatePresigned%' then 'presigned address'
    when (requestparameters ->> '$.appNetworkAccessType') = 'PublicInternetOnly' then 'Studio reaches the internet'
    when (requestparameters ->> '$.directInternetAccess') = 'Enabled' then 'notebook reaches the internet'
    when (requestparameters ->> '$.rootAccess') = 'Enabled' then 'root on a notebook'
    when eventname like 'Put%Policy' then 'policy for others'
    when (requestparameters ->> '$.vpcConfig') is null then 'no VPC'
    else 'no network isolation'
  end as opened,
  coalesce(
    requestparameters ->> '$.modelName',
    requestparameters ->> '$.notebookInstanceName',
    requestparameters ->> '$.domainName',
    requestparameters ->> '$.domainId',
    requestparameters ->> '$.trainingJobName',
    requestparameters ->> '$.modelPackageGroupName'
  ) as resource,
  coalesce(useridentity_sessioncontext_sourceidentity, useridentity_arn) as who,
  errorcode,
  sourceipaddress,
  eventid
from cloudtrail
where eventsource = 'sagemaker.amazonaws.com'
  and (
    eventname in ('CreatePresignedDomainUrl', 'CreatePresignedNotebookInstanceUrl', 'PutModelPackageGroupPolicy')
    or (requestparameters ->> '$.appNetworkAccessType') = 'PublicInternetOnly'
    or (requestparameters ->> '$.directInternetAccess') = 'Enabled'
    or (requestparameters ->> '$.rootAccess') = 'Enabled'
    or (
      eventname in ('CreateModel', 'CreateTrainingJob', 'CreateProcessingJob')
      and eventtype = 'AwsApiCall'
      and coalesce((requestparameters ->> '$.enableNetworkIsolation')::boolean, false) = false
      and (requestparameters ->> '$.vpcConfig') is null
    )
  )
order by eventtime desc
limit 1000
