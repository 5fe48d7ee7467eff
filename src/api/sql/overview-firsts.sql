-- First calls of identities, and of an identity to a model, newest first; the start of the calls in the
-- summaries; the newest ten minutes with a call.
with firsts as materialized (
  select actor, any_value(actor_kind) as kind, min(time) as first, max(time) as last
  from activity_10min
  group by actor
),
first_uses as materialized (
  select who, coalesce(model, endpoint) as what, min(time) as first
  from model_usage_10min_newest
  group by all
),
listed as (
  select 'actor' as list, actor as name, kind as more, first as time from firsts where actor is not null
  union all
  select 'model', who, what, first from first_uses where who is not null and what is not null
),
told as (
  select * from listed
  where time < coalesce($until::timestamptz, 'infinity')
  order by time desc, name
  limit $max::bigint
)
select list, name, more, strftime(time, '%Y-%m-%dT%H:%M:%SZ') as at from told
union all
select 'actors since', null, null, strftime(min(first), '%Y-%m-%dT%H:%M:%SZ') from firsts
union all
select 'models since', null, null, strftime(min(first), '%Y-%m-%dT%H:%M:%SZ') from first_uses
union all
select 'newest', null, null, strftime(max(last), '%Y-%m-%dT%H:%M:%SZ') from firsts
