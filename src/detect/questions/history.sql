-- How much history the baselines of each account have.
select coalesce(account, '') as account, date_diff('hour', min(hour), max(hour)) as hours
from baseline_hour
group by all
order by account
