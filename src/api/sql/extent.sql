-- From the beginning of the oldest ten minutes to the end of the newest that any summary has.
select
  strftime(min(first) at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as first,
  strftime(max(last) at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as last
from (
  select min(time) as first, max(time) + interval 10 minutes as last from activity_10min
  union all by name
  select min(time) as first, max(time) + interval 10 minutes as last from model_usage_10min
  union all by name
  select min(started) as first, max(started) as last from session_summary
  union all by name
  select min(started) as first, max(started) as last from conversation_summary
)
