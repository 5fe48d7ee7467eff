-- Top actors, top errors, who called for the first time, and the newest ten minutes that have a call. Each summary is read once
-- for the span, and once for who was first when.
with within as materialized (
  select actor, errorcode, any_value(actor_kind) as kind, sum(events)::bigint as events
  from activity_10min
  where time >= $since::timestamptz and time < $until::timestamptz
  group by actor, errorcode
),
firsts as materialized (
  select actor, any_value(actor_kind) as kind, min(time) as first, max(time) as last
  from activity_10min
  group by actor
),
first_uses as materialized (
  select who, coalesce(model, endpoint) as what, min(time) as first
  from model_usage_10min_newest
  group by all
)
select * from (
  select 'actor' as list, actor as name, any_value(kind) as more, sum(events)::bigint as events,
    coalesce(sum(events) filter (where errorcode is not null), 0)::bigint as others, null::varchar as at
  from within
  where actor is not null
  group by actor order by events desc, name limit 8
)
union all
select * from (
  select 'error' as list, errorcode as name, null as more, sum(events)::bigint as events,
    count(distinct actor)::bigint as others, null::varchar as at
  from within
  where errorcode is not null
  group by errorcode order by events desc, name limit 8
)
union all
select * from (
  select 'new' as list, actor as name, kind as more, 0 as events, 0 as others,
    strftime(first, '%Y-%m-%dT%H:%M:%SZ') as at
  from firsts
  where actor is not null and first >= $since::timestamptz and first < $until::timestamptz
    and $since::timestamptz > (select min(first) from firsts)
  order by first desc, name limit 8
)
union all
select * from (
  select 'new model' as list, who as name, what as more, 0 as events, 0 as others,
    strftime(first, '%Y-%m-%dT%H:%M:%SZ') as at
  from first_uses
  where who is not null and what is not null and first >= $since::timestamptz and first < $until::timestamptz
    and $since::timestamptz > (select min(first) from first_uses)
  order by first desc, name limit 8
)
union all
select 'newest' as list, null as name, null as more, 0 as events, 0 as others,
  strftime(max(last), '%Y-%m-%dT%H:%M:%SZ') as at
from firsts
