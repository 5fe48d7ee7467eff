-- What happened around an event or a moment
-- Everything around one point of time, in order: API calls, session output, model calls, captures of
-- endpoints, jobs and findings.
-- event: The id of an event, or a request id; by default the newest refused call.
-- moment: A time in place of an event, as in 2026-01-07T22:16:43Z.
-- minutes: Minutes before and after, 15 by default.
-- same: `actor` for what the event's own person, identity or access key did.
with happened as (
  select
    eventtime as time,
    'cloudtrail' as log,
    split_part(eventsource, '.', 1) || ':' || eventname as action,
    coalesce(
      useridentity_sessioncontext_sourceidentity, useridentity_username, split_part(useridentity_arn, '/', -1),
      useridentity_invokedby
    ) as who,
    useridentity_arn as identity,
    useridentity_accesskeyid as accesskeyid,
    errorcode as error,
    requestparameters as detail,
    sourceipaddress,
    recipientaccountid as account,
    awsregion as region,
    eventid as id,
    requestid
  from cloudtrail
  union all
  select
    eventtime, 'session_log', 'output', split_part(useridentity_arn, '/', -1), useridentity_arn, null, null, text, target_id, owner,
    awsregion, id, null
  from session_log
  union all
  select
    "timestamp", 'bedrock_invocation', operation || ' ' || coalesce(model, ''), coalesce(identity_session, identity_name),
    identity_arn, null, errorcode, prompt, null, accountid, region, requestid, requestid
  from bedrock_invocation
  union all
  select
    eventmetadata_inferencetime, 'sagemaker_invocation', 'capture ' || coalesce(endpointname, ''), null, null, null,
    coalesce(errorcode::varchar, errormessage), prompt, null, null, null, id, eventmetadata_inferenceid
  from sagemaker_invocation
  union all
  select
    event.time, 'sagemaker_event', concat_ws(' ', resourcetype, resourcename, status), null, rolearn, null, failurereason,
    detail_type, null, account, region, id, null
  from sagemaker_event as event
  union all
  select
    updatedat, 'guardduty_finding', type, resource_accesskeydetails_username, null, resource_accesskeydetails_accesskeyid, null,
    title, remoteip, accountid, region, id, null
  from guardduty_finding
),
center as (
  select time as middle, who as its_who, identity as its_identity, accesskeyid as its_key
  from happened
  where $moment::timestamptz is null
    and case
      when $event::varchar is null then log = 'cloudtrail' and error is not null
      else id = trim($event::varchar) or requestid = trim($event::varchar)
    end
  qualify row_number() over (order by (id = trim($event::varchar)) desc nulls last, time desc, id) = 1
  union all
  select $moment::timestamptz, null, null, null
  where $moment::timestamptz is not null
)
select
  time,
  date_diff('second', middle, time) as seconds,
  log,
  action,
  who,
  error,
  detail,
  sourceipaddress,
  account,
  region,
  id
from happened, center
where time >= middle - to_minutes(coalesce($minutes::integer, 15))
  and time <= middle + to_minutes(coalesce($minutes::integer, 15))
  and (
    $same::varchar is null
    or ($same::varchar = 'actor' and (who = its_who or identity = its_identity or accesskeyid = its_key))
  )
order by time, log, id
limit 1000
