-- Everything about a resource
-- Calls, job events and findings that name a resource, by its ARN, name or id: in CloudTrail, anywhere in the
-- call or its answer.
-- resource: A part of the ARN, name or id, case-sensitive; by default the ARN that most changes name.
with wanted as (
  select coalesce(
    trim($resource::varchar),
    (
      select resources ->> '$[0].ARN' as arn
      from cloudtrail
      where readonly = false and resources is not null
      group by all
      having arn is not null
      order by count(*) desc, arn
      limit 1
    )
  ) as resource
)
select
  eventtime as time,
  'cloudtrail' as log,
  split_part(eventsource, '.', 1) || ':' || eventname as action,
  coalesce(useridentity_sessioncontext_sourceidentity, useridentity_arn, useridentity_invokedby) as who,
  errorcode,
  readonly,
  concat_ws(
    ', ',
    if(contains(resources, resource), 'resources', null),
    if(contains(requestparameters, resource), 'requestparameters', null),
    if(contains(responseelements, resource), 'responseelements', null)
  ) as named_in,
  requestparameters as detail,
  sourceipaddress,
  recipientaccountid as account,
  awsregion as region,
  eventid as id
from cloudtrail, wanted
where contains(resources, resource) or contains(requestparameters, resource) or contains(responseelements, resource)
union all
select
  event.time, 'sagemaker_event', detail_type, rolearn, failurereason, null, 'resourcearn', status, null, account, region, id
from sagemaker_event as event, wanted
where contains(resourcearn, resource)
union all
select
  updatedat, 'guardduty_finding', type, resource_accesskeydetails_username, null, null, 'resource', title, remoteip, accountid,
  region, id
from guardduty_finding as finding, wanted
where contains(finding.resource, wanted.resource)
order by time, id
limit 1000
