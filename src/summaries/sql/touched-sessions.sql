-- The sessions that new rows belong to, each with the time from its first row to its last: by ssm's events,
-- by output, and by calls of the same credentials or source identity. A session is named by the unique part
-- of its id; one that was refused has none, and is named by its event.
create or replace temp table touched as
with found as (
  select f_sessionid, if(f_sessionid is null, eventid, null) as eventid, eventtime as from_time, eventtime as until_time
  from new_trail
  where eventsource = 'ssm.amazonaws.com' and (eventname = 'StartSession' or f_sessionid is not null)
  union all
  select f_sessionid, null, min(eventtime), max(eventtime)
  from {{output}}
  where f_sessionid is not null
  group by f_sessionid
  union all
  select distinct known.f_sessionid, if(known.f_sessionid is null, known.eventid, null), from_time, until_time
  from known_session as known
  join {{calls}} as call
    on call.useridentity_accesskeyid = known.useridentity_accesskeyid
    and call.eventtime >= known.started - interval 15 minutes
    and call.eventtime <= coalesce(known.ended, known.started) + interval 15 minutes
  union all
  select distinct known.f_sessionid, if(known.f_sessionid is null, known.eventid, null), from_time, until_time
  from known_session as known
  join {{calls}} as call
    on call.useridentity_sessioncontext_sourceidentity = known.useridentity_sessioncontext_sourceidentity
    and call.eventtime >= known.started - interval 15 minutes
    and call.eventtime <= coalesce(known.ended, known.started) + interval 15 minutes
),
grouped as (
  select f_sessionid, eventid, min(from_time) as from_time, max(until_time) as until_time
  from found
  group by f_sessionid, eventid
),
bounds as (
  select f_sessionid, min(from_time) as from_time, max(until_time) as until_time
  from known_session
  where f_sessionid is not null
  group by f_sessionid
)
select
  grouped.f_sessionid,
  grouped.eventid,
  least(grouped.from_time, bounds.from_time) as from_time,
  greatest(grouped.until_time, bounds.until_time) as until_time
from grouped
left join bounds on bounds.f_sessionid = grouped.f_sessionid
