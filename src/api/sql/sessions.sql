-- Sessions of Session Manager, agent runs with tools, and questions that loglake's agent answered with a model,
-- in one list.
with newest_session as (
  select * from session_summary_newest
  where coalesce(started, output_from) >= $since::timestamptz and coalesce(started, output_from) < $until::timestamptz
),
newest_run as (
  select * from conversation_summary_newest
  where started >= $since::timestamptz and started < $until::timestamptz and tool_calls > 0
),
newest_ask as (
  select *, time + to_milliseconds(coalesce(seconds, 0) * 1000) as answered
  from agent_run
  where time >= $since::timestamptz and time < $until::timestamptz and turns > 0
),
listed as (
  select
    id,
    'session' as kind,
    who,
    regexp_replace(acting_as, '^AWSReservedSSO_(.*)_[0-9a-f]{16}$', '\1') as acting_as,
    useridentity_arn as arn,
    instance as place,
    coalesce(started, output_from) as begun,
    ended,
    minutes,
    outcome,
    errorcode,
    recipientaccountid as account,
    awsregion as region,
    reason,
    output_lines,
    api_calls as calls,
    api_changes as changes,
    api_errors as errors,
    document,
    resumed,
    f_sessionid,
    version as made_at,
    null::varchar as tools,
    0 as guardrail
  from newest_session
  where $kind in ('all', 'session')
  union all by name
  select
    conversation as id,
    'run' as kind,
    who,
    regexp_replace(role, '^AWSReservedSSO_(.*)_[0-9a-f]{16}$', '\1') as acting_as,
    identity_arn as arn,
    tools as place,
    started as begun,
    ended,
    date_diff('minute', started, ended) as minutes,
    case when failed = calls then 'failed' else 'done' end as outcome,
    null::varchar as errorcode,
    accountid as account,
    region,
    null::varchar as reason,
    0 as output_lines,
    calls,
    0 as changes,
    failed as errors,
    version as made_at,
    tools,
    guardrail_interventions as guardrail
  from newest_run
  where $kind in ('all', 'run')
  union all by name
  select
    run as id,
    'ask' as kind,
    asked_by as who,
    'loglake ask' as acting_as,
    null::varchar as arn,
    model as place,
    time as begun,
    answered as ended,
    date_diff('minute', time, answered) as minutes,
    case when ended = 'answered' then 'done' else 'failed' end as outcome,
    null::varchar as errorcode,
    null::varchar as account,
    null::varchar as region,
    null::varchar as reason,
    0 as output_lines,
    turns as calls,
    0 as changes,
    refused as errors,
    -- Rows of this table never change.
    lake_version as made_at,
    null::varchar as tools,
    0 as guardrail
  from newest_ask
  where $kind in ('all', 'ask')
)
select
  * exclude (begun, ended),
  strftime(begun, '%Y-%m-%dT%H:%M:%S.%gZ') as started,
  strftime(ended, '%Y-%m-%dT%H:%M:%S.%gZ') as ended,
  epoch_ms(begun) as begun_ms,
  epoch_ms(ended) as ended_ms
from listed
where $who::varchar is null or contains(lower(who), lower($who::varchar)) or contains(lower(acting_as), lower($who::varchar))
order by begun desc, id
