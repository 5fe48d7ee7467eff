-- Models called from another account
-- Calls of models and endpoints by an identity of an account other than the one that pays for them.
with calls as (
  select
    eventtime,
    useridentity_accountid as from_account,
    recipientaccountid as to_account,
    eventsource,
    coalesce(requestparameters ->> '$.modelId', split_part(resources ->> '$[0].ARN', '/', -1)) as called,
    coalesce(useridentity_arn, useridentity_principalid) as caller,
    errorcode,
    eventid
  from cloudtrail
  where eventsource in ('bedrock.amazonaws.com', 'sagemaker.amazonaws.com')
    and (eventname like 'Invoke%' or eventname like 'Converse%')
)
select
  from_account,
  to_account,
  caller,
  eventsource,
  called,
  count(*) as calls,
  count(errorcode) as failed,
  max(eventtime) as last_time,
  max_by(eventid, eventtime) as last_eventid
from calls
where from_account <> to_account
group by all
order by calls desc
limit 1000
