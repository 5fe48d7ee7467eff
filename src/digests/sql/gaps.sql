-- Where a chain begins again after another digest: CloudTrail did not log, or made no digests, in between.
select
  chain, lake_object,
  strftime(before at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as since,
  strftime(start_time at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as until
from (
  select *, lag(end_time) over (partition by chain order by end_time) as before
  from digest_newest
  where start_time is not null
)
where state = 'valid' and previous_object is null and before is not null
order by chain, since
