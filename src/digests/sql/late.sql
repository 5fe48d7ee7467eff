-- Chains without new digests, although log files of their place were delivered hours after the newest one.
select chain, strftime(max(delivered) at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as delivered, count(*) as files
from digest_unnamed
join (
  select place, arg_max(chain, end_time) as chain, max(end_time) as own from digest_newest where kind = 'standard' group by place
) using (place)
where state = 'awaited' and delivered > own + interval 3 hour
group by chain
order by chain
