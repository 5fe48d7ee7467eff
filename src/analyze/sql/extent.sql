-- How many events a window has, whose, how many days of past there are, and what is our own.
with call as (
  select
    eventtime >= {{since}}::timestamptz as fresh, eventtime, actor, eventsource, awsregion,
    coalesce(recipientaccountid, useridentity_accountid, '') as account,
    ({{own}}) as own
  from cloudtrail
  where {{calls}}
)
select
  count(*) filter (fresh and own is null) as events,
  count(distinct actor) filter (fresh and own is null) as principals,
  count(distinct eventsource) filter (fresh and own is null) as services,
  count(distinct awsregion) filter (fresh and own is null) as regions,
  count(distinct account) filter (fresh and own is null) as accounts,
  count(*) filter (not fresh) as past_events,
  count(distinct eventtime::date) filter (not fresh) as past_days,
  count(*) filter (fresh and own = 'role') as own_role,
  count(*) filter (fresh and own = 'user agent') as own_agent,
  count(*) filter (fresh and own = 'job') as own_job,
  count(*) filter (fresh and own = 'place') as own_place
from call
