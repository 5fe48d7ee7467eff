-- The runs in these stretches, computed again; earlier rows for calls that no longer begin a run are marked
-- as gone.
with call as (
  select *
  from conversation
  where conversation in (select conversation from conversation where requestid in (select requestid from stretch_call))
),
model as (
  select
    conversation,
    to_json(list(
      {
        'model': model, 'calls': calls, 'input_tokens': input_tokens, 'output_tokens': output_tokens,
        'cache_read_tokens': cache_read_tokens, 'cache_write_tokens': cache_write_tokens
      }
      order by calls desc, model
    ))::varchar as models
  from (
    select
      conversation,
      model,
      count(*) as calls,
      sum(input_tokens)::bigint as input_tokens,
      sum(output_tokens)::bigint as output_tokens,
      sum(cache_read_tokens)::bigint as cache_read_tokens,
      sum(cache_write_tokens)::bigint as cache_write_tokens
    from call
    group by conversation, model
  )
  group by conversation
),
tool as (
  select conversation, count(*) as tool_calls, string_agg(distinct name, ', ' order by name) as tools
  from (
    select conversation, trim(unnest(string_split(tools_called, ','))) as name
    from call
    where tools_called <> ''
  )
  group by conversation
),
run as (
  select
    conversation,
    min(started) as started,
    max(time) as ended,
    arg_min(who, call) as who,
    arg_min(identity_arn, call) as identity_arn,
    arg_min(role, call) as role,
    arg_min(accountid, call) as accountid,
    arg_min(region, call) as region,
    count(*) as calls,
    count(errorcode) as failed,
    arg_max(stop_reason, call) as stop_reason,
    count_if(guardrail_action = 'INTERVENED') as guardrail_interventions,
    sum(input_tokens)::bigint as input_tokens,
    sum(output_tokens)::bigint as output_tokens,
    sum(cache_read_tokens)::bigint as cache_read_tokens,
    sum(cache_write_tokens)::bigint as cache_write_tokens,
    sum(latency_ms)::bigint as latency_ms
  from call
  group by conversation
),
made as (
  select
    run.*,
    coalesce(tool.tool_calls, 0) as tool_calls,
    tool.tools,
    model.models,
    false as gone,
    run.started::date as lake_day
  from run
  join model using (conversation)
  left join tool using (conversation)
),
hidden as (
  select conversation, started, true as gone, lake_day
  from {{known}}
  where conversation in (select requestid from stretch_call)
    and conversation not in (select conversation from made)
  qualify version = max(version) over (partition by conversation)
)
select *, {{version}}::bigint as version, now() as lake_ingested_at from made
union all by name
select *, {{version}}::bigint as version, now() as lake_ingested_at from hidden
