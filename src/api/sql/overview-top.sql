-- Top actors, top errors, and who called for the first time.
select * from (
  select 'actor' as list, actor as name, any_value(actor_kind) as more, sum(events)::bigint as events,
    coalesce(sum(events) filter (where errorcode is not null), 0)::bigint as others, null::varchar as at
  from activity_10min
  where time >= $since::timestamptz and time < $until::timestamptz and actor is not null
  group by actor order by events desc, name limit 8
)
union all
select * from (
  select 'error' as list, errorcode as name, null as more, sum(events)::bigint as events,
    count(distinct actor)::bigint as others, null::varchar as at
  from activity_10min
  where time >= $since::timestamptz and time < $until::timestamptz and errorcode is not null
  group by errorcode order by events desc, name limit 8
)
union all
select * from (
  select 'new' as list, actor as name, any_value(actor_kind) as more, 0 as events, 0 as others,
    strftime(min(time), '%Y-%m-%dT%H:%M:%SZ') as at
  from activity_10min
  where actor is not null
  group by actor
  having min(time) >= $since::timestamptz and min(time) < $until::timestamptz
    and $since::timestamptz > (select min(time) from activity_10min)
  order by min(time) desc, name limit 8
)
union all
select * from (
  select 'new model' as list, who as name, coalesce(model, endpoint) as more, 0 as events, 0 as others,
    strftime(min(time), '%Y-%m-%dT%H:%M:%SZ') as at
  from model_usage_10min_newest
  where who is not null and coalesce(model, endpoint) is not null
  group by who, coalesce(model, endpoint)
  having min(time) >= $since::timestamptz and min(time) < $until::timestamptz
    and $since::timestamptz > (select min(time) from model_usage_10min_newest)
  order by min(time) desc, name limit 8
)
