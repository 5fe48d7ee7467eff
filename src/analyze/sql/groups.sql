-- Like calls as one row: who, which API, with which outcome, where, on which day. `call` is the events, as `call.sql` has them.
-- A group of few events that change something, were refused, or that nobody has made before is rare: it keeps what was asked for.
with {{call}},
seen as (select distinct principal, service, call from call where not fresh),
known as (select count(*) > 0 as is_there from call where not fresh),
api as (select service, call, count(*) as events from call group by all),
grouped as (
  select
    principal, account, region, service, call, errorcode, eventtime::date as day,
    bool_or(denied) as denied,
    bool_and(readonly) as readonly,
    count(*) as events,
    min(eventtime) as first_time,
    max(eventtime) as last_time,
    min_by({'id': eventid, 'time': strftime(eventtime at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')}, (eventtime, eventid), {{max}}) as ids,
    list_sort(list_distinct(min_by(address, (eventtime, eventid), {{max}}))) as addresses,
    min_by(agent, (eventtime, eventid)) as agent,
    min_by(errormessage, (eventtime, eventid)) as errormessage,
    min_by(parameters, (eventtime, eventid)) as parameters
  from call
  where fresh
  group by principal, account, region, service, call, errorcode, day
),
marked as (
  select
    grouped.*,
    api.events as api_events,
    (select is_there from known) and (principal, service, call) not in (select (principal, service, call) from seen) as is_new
  from grouped
  join api using (service, call)
),
told as (select *, events <= {{few}} and (not readonly or denied or api_events <= 3 or is_new) as is_rare from marked)
select
  principal, account, region, service, call, errorcode, denied, readonly, events,
  strftime(first_time at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as first_time,
  strftime(last_time at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as last_time,
  ids, addresses, is_new, is_rare,
  case when is_rare then left(agent, 120) end as agent,
  case when is_rare then left(errormessage, 300) end as errormessage,
  case when is_rare then left(parameters, 600) end as parameters
from told
order by principal, account, first_time, service, call, region, errorcode
