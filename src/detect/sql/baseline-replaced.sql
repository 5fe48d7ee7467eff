-- Writes to a model's file, or below its folder, after it was first named, by principals that created no
-- model from it.
with artefact as (
  select account, who, what, first_time, first_id from baselines_artefacts
  union
  select coalesce(account, '') as account, who, what, first_time, first_id from {{seen}} where kind = 'model-artefact'
),
named as (
  select what, list(distinct who) as creators, min(first_time) as first_time, arg_min(first_id, (first_time, first_id)) as first_id
  from artefact
  group by all
),
put as (
  select
    coalesce(recipientaccountid, useridentity_accountid, '') as account,
    coalesce(useridentity_sessioncontext_sessionissuer_arn, useridentity_arn) as who,
    's3://' || (requestparameters ->> '$.bucketName') || '/' || (requestparameters ->> '$.key') as url,
    actor, awsregion, eventtime, eventid
  from {{rows}}
  where eventsource = 's3.amazonaws.com' and eventname in ('PutObject', 'CopyObject', 'CompleteMultipartUpload')
    and errorcode is null and useridentity_invokedby is null and exists (from named)
)
select
  put.account, put.who, put.url, strftime(put.eventtime, '%Y-%m-%dT%H:%M:%S.%fZ') as time, put.eventid, put.actor, put.awsregion,
  strftime(named.first_time, '%Y-%m-%dT%H:%M:%S.%fZ') as named_time, named.first_id
from put
join named on put.url = named.what and put.eventtime > named.first_time and not list_contains(named.creators, put.who)
union all
select
  put.account, put.who, put.url, strftime(put.eventtime, '%Y-%m-%dT%H:%M:%S.%fZ'), put.eventid, put.actor, put.awsregion,
  strftime(named.first_time, '%Y-%m-%dT%H:%M:%S.%fZ'), named.first_id
from put
join named on ends_with(named.what, '/') and starts_with(put.url, named.what)
  and put.eventtime > named.first_time and not list_contains(named.creators, put.who)
