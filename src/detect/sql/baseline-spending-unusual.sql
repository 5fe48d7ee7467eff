-- Hours of the new rows that cost more than twenty dollars, and more than ten times as much as the same hour
-- on each of the past 14 days.
with part as (
  select coalesce(account, '') as account, who, hour, cost_usd from {{spending}}
  union all
  select account, who, hour, cost_usd from baselines_spending
),
whole as (select account, who, hour, sum(cost_usd) as cost_usd from part group by all),
began as (select account, min(hour) as began from whole group by account)
select
  now.account, now.who, strftime(now.hour, '%Y-%m-%dT%H:%M:%S.%fZ') as hour,
  printf('%.2f', now.cost_usd) as cost, printf('%.2f', coalesce(max(past.cost_usd), 0)) as most
from (from whole semi join baselines_spending using (account, who, hour)) as now
join began on began.account = now.account and now.hour - began.began >= to_days({{days}})
left join whole as past
  on past.account = now.account and past.who = now.who
  and past.hour < now.hour and past.hour >= now.hour - to_days(14)
  and extract(hour from past.hour) = extract(hour from now.hour)
group by now.account, now.who, now.hour, now.cost_usd
having now.cost_usd > 20 and now.cost_usd > 10 * coalesce(max(past.cost_usd), 0)
