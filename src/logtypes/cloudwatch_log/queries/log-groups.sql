-- Log groups by volume
-- Events and bytes of each log group, with the first and the last time.
select
  loggroup,
  owner,
  count(*) as events,
  sum(strlen(message)) as bytes,
  count(distinct logstream) as streams,
  min("timestamp") as first_time,
  max("timestamp") as last_time
from cloudwatch_log
group by loggroup, owner
order by bytes desc
limit 1000
