-- One session, agent run or question, as reviews see it.
select * from (
  select
    id, 'session' as kind, who,
    regexp_replace(acting_as, '^AWSReservedSSO_(.*)_[0-9a-f]{16}$', '\1') as acting_as,
    outcome,
    strftime(coalesce(started, output_from), '%Y-%m-%dT%H:%M:%S.%gZ') as started,
    strftime(ended, '%Y-%m-%dT%H:%M:%S.%gZ') as ended
  from session_summary_newest
  where id = $id::varchar and coalesce($kind::varchar, 'session') = 'session'
  union all
  select
    conversation, 'run', who, role, case when failed = calls then 'failed' else 'done' end,
    strftime(started, '%Y-%m-%dT%H:%M:%S.%gZ'), strftime(ended, '%Y-%m-%dT%H:%M:%S.%gZ')
  from conversation_summary_newest
  where conversation = $id::varchar and tool_calls > 0 and coalesce($kind::varchar, 'run') = 'run'
  union all
  select
    run, 'ask', asked_by, 'loglake ask', case when ended = 'answered' then 'done' else 'failed' end,
    strftime(time, '%Y-%m-%dT%H:%M:%S.%gZ'), strftime(time + to_milliseconds(coalesce(seconds, 0) * 1000), '%Y-%m-%dT%H:%M:%S.%gZ')
  from agent_run
  where run = $id::varchar and turns > 0 and coalesce($kind::varchar, 'ask') = 'ask'
)
limit 1
