-- Sessions with output that the reader may see, with the span of time in which findings are about them.
select distinct
  f_sessionid,
  useridentity_arn as arn,
  strftime(from_time - interval 15 minutes, '%Y-%m-%dT%H:%M:%SZ') as since,
  strftime(until_time + interval 15 minutes, '%Y-%m-%dT%H:%M:%SZ') as until
from session_summary
where f_sessionid is not null
