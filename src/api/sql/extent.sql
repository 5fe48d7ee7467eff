-- From the start of the oldest to the end of the newest ten minutes in any summary, and which of them have rows.
select
  strftime(min(first) at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as first,
  strftime(max(last) at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as last,
  coalesce(list(kind order by kind) filter (where last is not null), []) as has
from (
  select 'calls' as kind, min(time) as first, max(time) + interval 10 minutes as last from activity_10min
  union all by name
  select 'models' as kind, min(time) as first, max(time) + interval 10 minutes as last from model_usage_10min
  union all by name
  select 'sessions' as kind, min(coalesce(started, output_from)) as first, max(coalesce(started, output_from)) as last from session_summary
  union all by name
  select 'conversations' as kind, min(started) as first, max(started) as last from conversation_summary
)
