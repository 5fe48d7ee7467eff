-- First times of principals in the new rows, filtered to those that are worth a finding: see
-- `baselines/first.ts`. `seen` is what the lake remembers, `rows` are new ones of CloudTrail, `days` the
-- history that is needed. Calls are in `baselines_calls`; equal parameters are parsed once.
create or replace temp table baselines_first as
with call as materialized (
  select account, who, eventsource, eventname, awsregion, arg_min(first, first.time) as first from baselines_calls group by all
),
detail as materialized (
  select
    coalesce(recipientaccountid, useridentity_accountid, '') as account,
    coalesce(useridentity_sessioncontext_sessionissuer_arn, useridentity_arn) as who,
    eventsource, eventname, requestparameters as given,
    arg_min({'time': eventtime, 'id': eventid, 'actor': actor, 'region': awsregion}, eventtime) as first,
    eventsource = 'bedrock.amazonaws.com'
      and eventname in ('InvokeModel', 'InvokeModelWithResponseStream', 'Converse', 'ConverseStream') as is_model_call
  from {{rows}}
  where (
      eventsource = 'bedrock.amazonaws.com' and eventname in (
        'InvokeModel', 'InvokeModelWithResponseStream', 'Converse', 'ConverseStream', 'CreateModelCustomizationJob',
        'PutModelInvocationLoggingConfiguration'
      )
      or eventsource = 'sagemaker.amazonaws.com' and starts_with(eventname, 'Create')
    )
    and errorcode is null
    and coalesce(useridentity_sessioncontext_sessionissuer_arn, useridentity_arn) is not null
    and useridentity_invokedby is null
  group by all
),
instance as materialized (
  select
    coalesce(recipientaccountid, useridentity_accountid, '') as account,
    coalesce(useridentity_sessioncontext_sessionissuer_arn, useridentity_arn) as who,
    coalesce(
      nullif(regexp_extract(sourceipaddress, '^([0-9]+[.][0-9]+)[.]', 1), ''),
      nullif(regexp_extract(sourceipaddress, '^([0-9a-fA-F]+:[0-9a-fA-F]*:[0-9a-fA-F]*):', 1), '')
    ) as network,
    arg_min({'time': eventtime, 'id': eventid, 'actor': actor, 'region': awsregion}, eventtime) as first,
    eventsource = 'bedrock.amazonaws.com'
      and eventname in ('InvokeModel', 'InvokeModelWithResponseStream', 'Converse', 'ConverseStream') as is_model_call
  from {{rows}}
  where useridentity_sessioncontext_ec2roledelivery is not null
    and coalesce(useridentity_sessioncontext_sessionissuer_arn, useridentity_arn) is not null
    and useridentity_invokedby is null
  group by all
),
pair as (
  select 'principal-api' as kind, account, who, eventsource || ':' || eventname as what, first from call
  union all
  select 'principal-region', account, who, awsregion, first from call
  union all
  select 'bedrock-region', account, account, awsregion, first from call where eventsource = 'bedrock.amazonaws.com'
  union all
  select 'logging-reader', account, who, eventname, first
  from call where eventsource = 'bedrock.amazonaws.com' and eventname = 'GetModelInvocationLoggingConfiguration'
  union all
  select 'principal-model', account, who, 'bedrock', first from detail where is_model_call
  union all
  select 'principal-modelid', account, who, given ->> '$.modelId', first from detail where is_model_call
  union all
  select 'principal-passed-role', account, who, given ->> '$.roleArn', first
  from detail where eventsource = 'sagemaker.amazonaws.com'
  union all
  select 'training-bucket', account, account, nullif(regexp_extract(given ->> '$.trainingDataConfig.s3Uri', '^s3://([^/]+)', 1), ''), first
  from detail where eventname = 'CreateModelCustomizationJob'
  union all
  select
    'output-bucket', account, account,
    nullif(
      regexp_extract(
        coalesce(given ->> '$.outputDataConfig.s3OutputPath', given ->> '$.transformOutput.s3OutputPath'),
        '^s3://([^/]+)', 1
      ),
      ''
    ),
    first
  from detail where eventsource = 'sagemaker.amazonaws.com'
  union all
  select
    'logging-destination', account, account,
    unnest([
      's3://' || (given ->> '$.loggingConfig.s3Config.bucketName'),
      'log group ' || (given ->> '$.loggingConfig.cloudWatchConfig.logGroupName')
    ]),
    first
  from detail where eventname = 'PutModelInvocationLoggingConfiguration'
  union all
  select 'instance-network', account, who, network, first from instance
  union all
  select 'instance-model-network', account, who, network, first from instance where is_model_call
),
earliest as (
  select kind, account, who, what, arg_min(first, first.time) as first
  from pair
  where what is not null
  group by all
),
fresh as (
  select
    kind, account, who, what,
    first.time as first_time, first.id as first_id, first.actor as actor, first.region as region
  from earliest
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
-- The beginning of each account's history.
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
    -- Its calls have long come from another network, and this one first appeared within the last day.
    when 'instance-model-network'
      then fresh.first_time - instance_began >= to_days({{days}}) and fresh.first_time - network_began < interval 1 day
    -- The call may never have been made in the account before: any principal that never made it counts.
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
