-- Hours of the new rows that are far above the same hour of past days; days before a principal's first count
-- as zero.
with part as (
  select coalesce(account, '') as account, who, hour, calls, errors, denied from {{hours}}
  union all
  select account, who, hour, calls, errors, denied from baselines_hours
),
whole as (
  select account, who, hour, sum(calls) as calls, sum(errors) as errors, sum(denied) as denied from part group by all
),
began as (select account, min(hour) as began from whole group by account),
judged as (
  select
    now.account, now.who, now.hour, now.calls, now.errors, now.denied,
    max(past.calls) as most_calls, max(past.errors) as most_errors, max(past.denied) as most_denied
  from (from whole semi join baselines_hours using (account, who, hour)) as now
  join began on began.account = now.account and now.hour - began.began >= to_days({{days}})
  left join whole as past
    on past.account = now.account and past.who = now.who
    and past.hour < now.hour and past.hour >= now.hour - to_days(14)
    and extract(hour from past.hour) = extract(hour from now.hour)
  group by all
)
select unnest([
  {'measure': 'calls', 'value': calls, 'most': coalesce(most_calls, 0), 'least': 200},
  {'measure': 'errors', 'value': errors, 'most': coalesce(most_errors, 0), 'least': 30},
  {'measure': 'denied', 'value': denied, 'most': coalesce(most_denied, 0), 'least': 10}
], recursive := true), account, who, hour
from judged
