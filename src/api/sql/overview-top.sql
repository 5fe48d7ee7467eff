-- Most frequent actors and errors of a span, in one read of its summary.
with within as materialized (
  select actor, errorcode, any_value(actor_kind) as kind, sum(events)::bigint as events
  from activity_10min
  where time >= $since::timestamptz and time < $until::timestamptz
  group by actor, errorcode
)
select * from (
  select 'actor' as list, actor as name, any_value(kind) as more, sum(events)::bigint as events,
    coalesce(sum(events) filter (where errorcode is not null), 0)::bigint as others
  from within
  where actor is not null
  group by actor order by events desc, name limit 8
)
union all
select * from (
  select 'error' as list, errorcode as name, null as more, sum(events)::bigint as events,
    count(distinct actor)::bigint as others
  from within
  where errorcode is not null
  group by errorcode order by events desc, name limit 8
)
