-- Runs of agents and conversations, newest first.
select
  conversation as id,
  strftime(started, '%Y-%m-%dT%H:%M:%S.%gZ') as started,
  strftime(ended, '%Y-%m-%dT%H:%M:%S.%gZ') as ended,
  who,
  role,
  identity_arn as arn,
  accountid as account,
  region,
  calls,
  failed,
  tool_calls,
  tools,
  models,
  stop_reason,
  coalesce(guardrail_interventions, 0) as guardrail_interventions,
  coalesce(input_tokens, 0) as input_tokens,
  coalesce(output_tokens, 0) as output_tokens,
  coalesce(cache_read_tokens, 0) as cache_read_tokens,
  coalesce(cache_write_tokens, 0) as cache_write_tokens,
  latency_ms,
  epoch_us(started)::varchar as at_us,
  count(*) over () as total
from conversation_summary_newest
where started >= $since::timestamptz
  and started < $until::timestamptz
  and ($id::varchar is null or conversation = $id::varchar)
  and ($who::varchar is null or contains(lower(coalesce(who, '')), lower($who::varchar)) or contains(lower(coalesce(role, '')), lower($who::varchar)))
  and ($model::varchar is null or contains(models, $model::varchar))
  and ($tool::varchar is null or list_contains(string_split(tools, ', '), $tool::varchar))
  and case $only
    when 'tools' then tool_calls > 0
    when 'failed' then failed > 0
    when 'guardrail' then guardrail_interventions > 0
    when 'findings' then conversation in (select unnest(from_json($found::json, '["varchar"]')))
    else true
  end
order by conversation_summary_newest.started desc, conversation
