-- Facts about each chain as a whole.
select
  chain, account, region, trail, home_region, kind, organization,
  count(*) as digests, count_if(state = 'valid') as valid,
  strftime(min(start_time) at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as first,
  strftime(max(end_time) at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as head
from digest_newest
group by all
order by chain
