-- Chains that end hours before those of other Regions of the same trail: digests come every hour, also where there are no log files.
with head as (
  select chain, account, trail, home_region, max(end_time) as ends
  from digest_newest
  where kind = 'standard' and state <> 'missing'
  group by all
), newest as (
  select *, max(ends) over (partition by account, trail, home_region) as others
  from head
)
select
  chain,
  strftime(ends at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as ends,
  strftime(others at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as others
from newest
where others > ends + interval 3 hour
order by chain
