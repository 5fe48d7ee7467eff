-- Models called outside the Regions that are allowed
-- Calls of models and endpoints in a Region that is not on the list, or answered in one (a cross-Region
-- profile).
-- regions: The allowed Regions, separated by commas; by default the one with most calls.
with called as (
  select time, accountid, region, inferenceregion, model as called, who, role, coalesce(eventid, requestid) as event
  from bedrock_call
  where errorcode is null
  union all
  select
    eventtime,
    recipientaccountid,
    awsregion,
    null,
    split_part(resources ->> '$[0].ARN', '/', -1),
    coalesce(useridentity_sessioncontext_sourceidentity, split_part(useridentity_arn, '/', -1)),
    useridentity_sessioncontext_sessionissuer_username,
    eventid
  from cloudtrail
  where eventsource = 'sagemaker.amazonaws.com' and eventname like 'InvokeEndpoint%' and errorcode is null
),
allowed as (
  select coalesce(string_split(replace($regions::varchar, ' ', ''), ','), [mode(region)]) as regions
  from called
)
select
  accountid,
  region,
  inferenceregion,
  called,
  role,
  count(*) as calls,
  min(time) as first_time,
  max(time) as last_time,
  arg_max_null(event, time) as last_event
from called, allowed
where not list_contains(regions, region)
  or (inferenceregion is not null and not list_contains(regions, inferenceregion))
group by all
order by calls desc, accountid, region
limit 1000
