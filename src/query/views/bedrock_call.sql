-- Model calls on Bedrock, from both logs that have them
-- One row per call: the invocation log's, joined with CloudTrail's by request id, and calls that only one of
-- the two has: refused calls and Regions without invocation logging are in CloudTrail alone. What a caller
-- says of itself (`requestmetadata`) is no identity.
-- time: When the model was called.
-- accountid: The account that called.
-- region: The Region of the call.
-- operation: `InvokeModel`, `InvokeModelWithResponseStream`, `Converse` or `ConverseStream`.
-- modelid: What was called: the id of a model or an inference profile, or an ARN.
-- model: The model behind `modelid`; for a call that is only in CloudTrail, as far as its id shows.
-- who: Who called: the source identity or session name of a role, the name of a user, a service.
-- identity_arn: Who called, as AWS saw it: from the invocation log, else from CloudTrail.
-- identity_from: Which log `identity_arn` is from: `invocation log` or `cloudtrail`.
-- role: The role or user behind `identity_arn`.
-- told_by: `both`, `invocation log` or `cloudtrail`: which logs have the call.
-- errorcode: Why the call failed, null when it did not.
-- input_tokens: Tokens read that were not in the prompt cache; from CloudTrail, where it alone has them.
-- output_tokens: Tokens written; from CloudTrail, where it alone has them.
-- eventid: CloudTrail's event.
-- named_team: The team that the caller named in `requestmetadata`, under the key `team`: unverified.
with trail as (
  select
    *,
    requestparameters ->> '$.modelId' as modelid,
    try_cast(additionaleventdata ->> '$.inputTokens' as bigint) as input_tokens,
    try_cast(additionaleventdata ->> '$.outputTokens' as bigint) as output_tokens,
    coalesce(
      useridentity_sessioncontext_sourceidentity,
      useridentity_username,
      split_part(useridentity_arn, '/', -1),
      useridentity_invokedby
    ) as who,
    coalesce(useridentity_sessioncontext_sessionissuer_username, useridentity_username) as role
  from cloudtrail
  where eventsource = 'bedrock.amazonaws.com'
    and eventname in ('InvokeModel', 'InvokeModelWithResponseStream', 'Converse', 'ConverseStream')
)
select
  log.timestamp as time,
  log.requestid,
  log.accountid,
  log.region,
  log.inferenceregion,
  log.operation,
  log.modelid,
  log.model,
  coalesce(
    trail.useridentity_sessioncontext_sourceidentity, log.identity_session, log.identity_name, trail.who
  ) as who,
  coalesce(log.identity_arn, trail.useridentity_arn) as identity_arn,
  case
    when log.identity_arn is not null then 'invocation log'
    when trail.useridentity_arn is not null then 'cloudtrail'
  end as identity_from,
  coalesce(log.identity_name, trail.role) as role,
  case when trail.requestid is null then 'invocation log' else 'both' end as told_by,
  coalesce(log.errorcode, trail.errorcode) as errorcode,
  coalesce(log.input_tokens, trail.input_tokens) as input_tokens,
  coalesce(log.output_tokens, trail.output_tokens) as output_tokens,
  log.cache_read_tokens,
  log.cache_write_tokens,
  log.cache_write_1h_tokens,
  log.latency_ms,
  log.first_byte_latency_ms,
  log.stop_reason,
  log.guardrail_action,
  log.prompt,
  log.completion,
  log.tool_uses,
  log.tool_results,
  log.conversation_id,
  log.message_count,
  trail.useridentity_accesskeyid,
  trail.sourceipaddress,
  trail.useragent,
  trail.eventid,
  log.requestmetadata ->> '$.team' as named_team,
  log.lake_day
from bedrock_invocation as log
left join trail on trail.requestid = log.requestid and trail.recipientaccountid = log.accountid
union all by name
select
  eventtime as time,
  requestid,
  recipientaccountid as accountid,
  awsregion as region,
  additionaleventdata ->> '$.inferenceRegion' as inferenceregion,
  eventname as operation,
  modelid,
  regexp_replace(
    regexp_replace(modelid, '^(arn:.*/)?(([a-z]{2}(-gov)?|apac|emea|amer|global)\.)?', ''),
    '^(anthropic\.claude-.*?)(-v\d+(:\d+)?)?$', '\1'
  ) as model,
  who,
  useridentity_arn as identity_arn,
  case when useridentity_arn is not null then 'cloudtrail' end as identity_from,
  role,
  'cloudtrail' as told_by,
  errorcode,
  input_tokens,
  output_tokens,
  useridentity_accesskeyid,
  sourceipaddress,
  useragent,
  eventid,
  lake_day
from trail
where not exists (
  select 1
  from bedrock_invocation as log
  where log.requestid = trail.requestid and log.accountid = trail.recipientaccountid
)
