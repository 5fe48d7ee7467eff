-- Model files that CreateModel named, and the principals that have written to one of them since: see
-- `baselines/artefacts.ts`.
create or replace temp table baselines_artefacts as
with call as (
  select
    coalesce(recipientaccountid, useridentity_accountid, '') as account,
    coalesce(useridentity_sessioncontext_sessionissuer_arn, useridentity_arn) as who,
    eventsource, eventname, eventtime, eventid, requestparameters
  from {{rows}}
  where eventsource = 'sagemaker.amazonaws.com' and eventname in ('CreateModel', 'CreateModelPackage') and errorcode is null
    and coalesce(useridentity_sessioncontext_sessionissuer_arn, useridentity_arn) is not null
),
named as (
  select account, who, unnest(json_extract_string(requestparameters, [
    '$.primaryContainer.modelDataUrl', '$.primaryContainer.modelDataSource.s3DataSource.s3Uri'
  ])) as what, eventtime, eventid
  from call
  union all
  select account, who, unnest(list_concat(
    requestparameters ->> '$.containers[*].modelDataUrl',
    requestparameters ->> '$.containers[*].modelDataSource.s3DataSource.s3Uri',
    requestparameters ->> '$.inferenceSpecification.containers[*].modelDataUrl'
  )), eventtime, eventid
  from call
)
select account, who, what, min(eventtime) as first_time, arg_min(eventid, (eventtime, eventid)) as first_id
from named
where starts_with(what, 's3://')
group by all
