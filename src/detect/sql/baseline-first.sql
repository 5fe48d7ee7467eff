-- What principals did for the first time in the new rows, and what of it is worth saying: see `baselines/index.ts`.
-- `seen` is what the lake remembers, `rows` are new ones of CloudTrail, `days` the history that is needed.
create or replace temp table baselines_first as
with call as (
  select
    coalesce(recipientaccountid, useridentity_accountid, '') as account,
    coalesce(useridentity_sessioncontext_sessionissuer_arn, useridentity_arn) as who,
    eventsource, eventname, awsregion, eventtime, eventid, actor, errorcode, requestparameters
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
),
fresh as (
  select
    kind, account, who, what,
    min(eventtime) as first_time,
    arg_min(eventid, (eventtime, eventid)) as first_id,
    arg_min(actor, (eventtime, eventid)) as actor,
    arg_min(awsregion, (eventtime, eventid)) as region
  from pair
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
)
select
  fresh.*,
  fresh.first_time - account_began >= to_days({{days}})
    and (fresh.kind = 'principal-model' or fresh.first_time - who_began >= to_days({{days}})) as settled
from fresh
join began using (kind, account)
join who_began using (kind, account, who)
anti join seen using (kind, account, who, what)
