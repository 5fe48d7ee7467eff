-- What principals did for the first time in the new rows, and what of it is worth saying: see `baselines/index.ts`.
-- `seen` is what the lake remembers, `rows` are new ones of CloudTrail, `days` the history that is needed.
create or replace temp table baselines_first as
with call as (
  select
    coalesce(recipientaccountid, useridentity_accountid, '') as account,
    coalesce(useridentity_sessioncontext_sessionissuer_arn, useridentity_arn) as who,
    eventsource, eventname, awsregion, eventtime, eventid, actor, errorcode, requestparameters,
    coalesce(
      nullif(regexp_extract(sourceipaddress, '^([0-9]+[.][0-9]+)[.]', 1), ''),
      nullif(regexp_extract(sourceipaddress, '^([0-9a-fA-F]+:[0-9a-fA-F]*:[0-9a-fA-F]*):', 1), '')
    ) as network,
    useridentity_sessioncontext_ec2roledelivery is not null as is_of_instance
  from {{rows}}
  where coalesce(useridentity_sessioncontext_sessionissuer_arn, useridentity_arn) is not null
    and useridentity_invokedby is null
),
pair as (
  select 'principal-api' as kind, account, who, eventsource || ':' || eventname as what, eventtime, eventid, actor, awsregion from call
  union all
  select 'principal-region', account, who, awsregion, eventtime, eventid, actor, awsregion from call where awsregion is not null
  union all
  select 'bedrock-region', account, account, awsregion, eventtime, eventid, actor, awsregion
  from call where eventsource = 'bedrock.amazonaws.com' and awsregion is not null
  union all
  select 'principal-model', account, who, 'bedrock', eventtime, eventid, actor, awsregion
  from call where eventsource = 'bedrock.amazonaws.com' and eventname in ('InvokeModel', 'InvokeModelWithResponseStream', 'Converse', 'ConverseStream') and errorcode is null
  union all
  select 'principal-modelid', account, who, requestparameters ->> '$.modelId', eventtime, eventid, actor, awsregion
  from call where eventsource = 'bedrock.amazonaws.com' and eventname in ('InvokeModel', 'InvokeModelWithResponseStream', 'Converse', 'ConverseStream') and errorcode is null
    and (requestparameters ->> '$.modelId') is not null
  union all
  select 'principal-passed-role', account, who, requestparameters ->> '$.roleArn', eventtime, eventid, actor, awsregion
  from call where eventsource = 'sagemaker.amazonaws.com' and starts_with(eventname, 'Create') and errorcode is null
    and (requestparameters ->> '$.roleArn') is not null
  union all
  select
    'training-bucket', account, account,
    regexp_extract(requestparameters ->> '$.trainingDataConfig.s3Uri', '^s3://([^/]+)', 1), eventtime, eventid, actor, awsregion
  from call where eventsource = 'bedrock.amazonaws.com' and eventname = 'CreateModelCustomizationJob' and errorcode is null
    and starts_with(requestparameters ->> '$.trainingDataConfig.s3Uri', 's3://')
  union all
  select
    'output-bucket', account, account,
    regexp_extract(
      coalesce(
        requestparameters ->> '$.outputDataConfig.s3OutputPath',
        requestparameters ->> '$.transformOutput.s3OutputPath'
      ),
      '^s3://([^/]+)', 1
    ),
    eventtime, eventid, actor, awsregion
  from call where eventsource = 'sagemaker.amazonaws.com' and starts_with(eventname, 'Create') and errorcode is null
    and starts_with(
      coalesce(
        requestparameters ->> '$.outputDataConfig.s3OutputPath',
        requestparameters ->> '$.transformOutput.s3OutputPath'
      ),
      's3://'
    )
  union all
  select 'logging-reader', account, who, eventname, eventtime, eventid, actor, awsregion
  from call where eventsource = 'bedrock.amazonaws.com' and eventname = 'GetModelInvocationLoggingConfiguration'
  union all
  select
    'logging-destination', account, account,
    unnest([
      's3://' || (requestparameters ->> '$.loggingConfig.s3Config.bucketName'),
      'log group ' || (requestparameters ->> '$.loggingConfig.cloudWatchConfig.logGroupName')
    ]),
    eventtime, eventid, actor, awsregion
  from call
  where eventsource = 'bedrock.amazonaws.com' and eventname = 'PutModelInvocationLoggingConfiguration' and errorcode is null
  union all
  select 'instance-network', account, who, network, eventtime, eventid, actor, awsregion
  from call where is_of_instance and network is not null
  union all
  select 'instance-model-network', account, who, network, eventtime, eventid, actor, awsregion
  from call where is_of_instance and network is not null and eventsource = 'bedrock.amazonaws.com'
    and eventname in ('InvokeModel', 'InvokeModelWithResponseStream', 'Converse', 'ConverseStream')
),
fresh as (
  select
    kind, account, who, what,
    min(eventtime) as first_time,
    arg_min(eventid, (eventtime, eventid)) as first_id,
    arg_min(actor, (eventtime, eventid)) as actor,
    arg_min(awsregion, (eventtime, eventid)) as region
  from pair
  where what is not null
  group by all
),
seen as (
  select kind, coalesce(account, '') as account, who, what, min(first_time) as first_time
  from {{seen}}
  where kind not in ('agent-tool', 'agent-domain')
  group by all
),
began as (
  select kind, account, min(first_time) as account_began
  from (select kind, account, first_time from seen union all select kind, account, first_time from fresh)
  group by all
),
who_began as (
  select kind, account, who, min(first_time) as who_began
  from (select kind, account, who, first_time from seen union all select kind, account, who, first_time from fresh)
  group by all
),
-- Since when there is history of the account at all.
account_known as (select account, account_began as known_since from began where kind = 'principal-api'),
network_began as (
  select account, who, what, min(first_time) as network_began
  from (select * from seen union all select kind, account, who, what, first_time from fresh)
  where kind = 'instance-network'
  group by all
),
instance_began as (select account, who, min(network_began) as instance_began from network_began group by all)
select
  fresh.*,
  case fresh.kind
    when 'instance-network' then false
    -- Its calls have come from elsewhere for long, and this network came up within the last day.
    when 'instance-model-network'
      then fresh.first_time - instance_began >= to_days({{days}}) and fresh.first_time - network_began < interval 1 day
    -- Nobody may ever have asked before: a stranger is who never did.
    when 'logging-reader' then fresh.first_time - known_since >= to_days({{days}})
    when 'principal-model' then fresh.first_time - account_began >= to_days({{days}})
    else fresh.first_time - account_began >= to_days({{days}}) and fresh.first_time - who_began >= to_days({{days}})
  end as settled
from fresh
join began using (kind, account)
join who_began using (kind, account, who)
left join account_known using (account)
left join network_began using (account, who, what)
left join instance_began using (account, who)
anti join seen using (kind, account, who, what)
