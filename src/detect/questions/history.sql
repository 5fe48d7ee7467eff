-- The length of each account's history for the baselines.
select coalesce(account, '') as account, date_diff('hour', min(hour), max(hour)) as hours
from baseline_hour
group by all
order by account
