with by_model as (
  select
    conversation,
    model,
    count(*) as calls,
    sum(input_tokens)::bigint as input_tokens,
    sum(output_tokens)::bigint as output_tokens,
    sum(cache_read_tokens)::bigint as cache_read_tokens,
    sum(cache_write_tokens)::bigint as cache_write_tokens
  from conversation
  group by all
)
select
  conversation,
  min(time) as started,
  max(time) as ended,
  arg_min(who, call) as who,
  arg_min(identity_arn, call) as identity_arn,
  arg_min(role, call) as role,
  arg_min(accountid, call) as accountid,
  arg_min(region, call) as region,
  count(*) as calls,
  count(errorcode) as failed,
  coalesce(sum(len(list_filter(string_split(tools_called, ', '), lambda name: name <> ''))), 0)::bigint as tool_calls,
  nullif(
    array_to_string(
      list_sort(list_distinct(list_filter(string_split(string_agg(tools_called, ', '), ', '), lambda name: name <> ''))), ', '
    ),
    ''
  ) as tools,
  arg_max(stop_reason, call) as stop_reason,
  count_if(guardrail_action = 'INTERVENED') as guardrail_interventions,
  sum(input_tokens)::bigint as input_tokens,
  sum(output_tokens)::bigint as output_tokens,
  sum(cache_read_tokens)::bigint as cache_read_tokens,
  sum(cache_write_tokens)::bigint as cache_write_tokens,
  sum(latency_ms)::bigint as latency_ms,
  (
    select to_json(list(by_model order by by_model.calls desc, by_model.model))::varchar
    from (select * exclude (conversation) from by_model where by_model.conversation = conversation.conversation) as by_model
  ) as models,
  min(started)::date as lake_day
from conversation
group by conversation
