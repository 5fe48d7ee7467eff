-- What stands out in a window, against the days before it: a row a line of the digest.
-- `call` is the events of window and past, as `call.sql` has them; `most` is how many ids a line has.
with {{call}},
past_days as (select count(distinct eventtime::date) as days from call where not fresh),
-- New: a principal, or what one that is known does for the first time, or where.
seen_principal as (select principal, min(eventtime) as first_time from call where not fresh group by all),
seen_call as (select distinct principal, service, call from call where not fresh),
seen_region as (select distinct principal, region from call where not fresh),
seen_service as (select distinct account, service, region from call where not fresh),
new_principal as (
  select 'new' as kind, 'principal' as about, principal, '' as service, '' as call, '' as region, account,
    null::varchar as errorcode, false as readonly, count(*) as events, 0.0 as usual,
    min(eventtime) as first_time, max(eventtime) as last_time, min_by(eventid, (eventtime, eventid), {{max}}) as ids
  from call
  where fresh and principal not in (select principal from seen_principal)
  group by principal, account
),
new_call as (
  select 'new' as kind, 'call' as about, principal, service, call, min(region) as region, account,
    max(errorcode) as errorcode, bool_and(readonly) as readonly, count(*) as events, 0.0 as usual,
    min(eventtime) as first_time, max(eventtime) as last_time, min_by(eventid, (eventtime, eventid), {{max}}) as ids
  from call
  where fresh and principal in (select principal from seen_principal)
    and (principal, service, call) not in (select (principal, service, call) from seen_call)
  group by principal, service, call, account
),
new_region as (
  select 'new' as kind, 'region' as about, principal, min(service) as service, '' as call, region, account,
    max(errorcode) as errorcode, bool_and(readonly) as readonly, count(*) as events, 0.0 as usual,
    min(eventtime) as first_time, max(eventtime) as last_time, min_by(eventid, (eventtime, eventid), {{max}}) as ids
  from call
  where fresh and principal in (select principal from seen_principal)
    and (principal, region) not in (select (principal, region) from seen_region)
  group by principal, region, account
),
new_service as (
  select 'new' as kind, 'service' as about, '' as principal, service, '' as call, region, account,
    max(errorcode) as errorcode, bool_and(readonly) as readonly, count(*) as events, 0.0 as usual,
    min(eventtime) as first_time, max(eventtime) as last_time, min_by(eventid, (eventtime, eventid), {{max}}) as ids
  from call
  where fresh and (account, service, region) not in (select (account, service, region) from seen_service)
  group by account, service, region
),
-- Rare: an API that hardly anybody ever calls here.
rare as (
  select 'rare' as kind, 'call' as about, min_by(principal, (eventtime, eventid)) filter (fresh) as principal, service, call,
    min(region) filter (fresh) as region, account, max(errorcode) filter (fresh) as errorcode, bool_and(readonly) as readonly,
    count(*) filter (fresh) as events, count(*) filter (not fresh)::double as usual,
    min(eventtime) filter (fresh) as first_time, max(eventtime) filter (fresh) as last_time,
    min_by(eventid, (eventtime, eventid), {{max}}) filter (fresh) as ids
  from call
  group by service, call, account
  having count(*) <= 3 and count(*) filter (fresh) > 0
),
denied as (
  select 'denied' as kind, 'call' as about, principal, service, call, min(region) filter (fresh) as region, account,
    max(errorcode) filter (fresh) as errorcode, bool_and(readonly) as readonly,
    count(*) filter (fresh) as events,
    count(*) filter (not fresh) / greatest(1, (select days from past_days))::double as usual,
    min(eventtime) filter (fresh) as first_time, max(eventtime) filter (fresh) as last_time,
    min_by(eventid, (eventtime, eventid), {{max}}) filter (fresh) as ids
  from call
  where denied
  group by principal, service, call, account
  having count(*) filter (fresh) > 0
),
destructive as (
  select 'destructive' as kind, 'call' as about, principal, service, call, min(region) filter (fresh) as region, account,
    null::varchar as errorcode, false as readonly,
    count(*) filter (fresh) as events,
    count(*) filter (not fresh) / greatest(1, (select days from past_days))::double as usual,
    min(eventtime) filter (fresh) as first_time, max(eventtime) filter (fresh) as last_time,
    min_by(eventid, (eventtime, eventid), {{max}}) filter (fresh) as ids
  from call
  where not readonly and errorcode is null
    and regexp_matches(call, {{destructive}})
  group by principal, service, call, account
  having count(*) filter (fresh) > 0
),
-- Loud: an hour with far more calls than the same hour of past days.
dimension as (
  select 'principal' as about, principal as name, eventid, eventtime, account, fresh, hour from call
  union all
  select 'service', service, eventid, eventtime, account, fresh, hour from call
  union all
  select 'region', region, eventid, eventtime, account, fresh, hour from call
),
by_hour as (select about, name, account, hour, fresh, count(*) as events from dimension group by all),
past_hour as (
  select about, name, account, extract(hour from hour) as of_day,
    sum(events) / greatest(1, (select days from past_days))::double as mean,
    max(events) as most
  from by_hour where not fresh group by all
),
loud_hour as (
  select by_hour.*, coalesce(mean, 0) as mean
  from by_hour
  left join past_hour
    on past_hour.about = by_hour.about and past_hour.name = by_hour.name and past_hour.account = by_hour.account
    and past_hour.of_day = extract(hour from by_hour.hour)
  where fresh and events >= {{loud}} and events >= 4 * coalesce(mean, 0) and events > 2 * coalesce(most, 0)
    and (select days from past_days) > 0
),
loud as (
  select 'loud' as kind, loud_hour.about, case when loud_hour.about = 'principal' then loud_hour.name else '' end as principal,
    case when loud_hour.about = 'service' then loud_hour.name else '' end as service, '' as call,
    case when loud_hour.about = 'region' then loud_hour.name else '' end as region, loud_hour.account,
    null::varchar as errorcode, false as readonly, max(loud_hour.events) as events, max(mean) as usual,
    min(dimension.eventtime) as first_time, max(dimension.eventtime) as last_time,
    min_by(dimension.eventid, (dimension.eventtime, dimension.eventid), {{max}}) as ids
  from loud_hour
  join dimension
    on dimension.about = loud_hour.about and dimension.name = loud_hour.name and dimension.account = loud_hour.account
    and dimension.hour = loud_hour.hour and dimension.fresh
  group by loud_hour.about, loud_hour.name, loud_hour.account, loud_hour.hour
),
line as (
  select * from new_principal where (select days from past_days) > 0
  union all select * from new_call where (select days from past_days) > 0
  union all select * from new_region where (select days from past_days) > 0
  union all select * from new_service where (select days from past_days) > 0
  union all select * from rare where (select days from past_days) > 0
  union all select * from denied
  union all select * from destructive
  union all select * from loud
)
select
  kind, about, principal, service, call, region, account, errorcode, readonly, events, usual,
  strftime(first_time at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as first_time,
  strftime(last_time at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as last_time,
  ids
from line
order by kind, events desc, principal, service, call, region, account
