-- Findings that the lake has not, under any of their ids, each once, with the suppression that hides it now:
-- patterns as in the view `finding_state`.
with suppressed as (
  select
    id, arg_max(rule, made_at) as rule,
    replace(replace(replace(replace(arg_max(actor, made_at), '!', '!!'), '%', '!%'), '_', '!_'), '*', '%') as actor,
    replace(replace(replace(replace(arg_max(resource, made_at), '!', '!!'), '%', '!%'), '_', '!_'), '*', '%') as resource,
    arg_max(ends_at, made_at) as ends_at
  from {{suppressions}}
  group by id
),
known as materialized (select id from {{known}}),
reported as (
  select own.id
  from (select id, unnest(list_append(also, id)) as other from detect_found) as own
  semi join known on known.id = own.other
)
select
  found.* exclude (also),
  (
    select min(suppressed.id)
    from suppressed
    where found.time < suppressed.ends_at
      and (suppressed.rule is null or suppressed.rule = found.rule)
      and (suppressed.actor is null or coalesce(found.actor, '') like suppressed.actor escape '!')
      and (suppressed.resource is null or coalesce(found.resource, '') like suppressed.resource escape '!')
  ) as suppressed_by,
  found.time::date as lake_day,
  now() as lake_ingested_at
from (from detect_found qualify row_number() over (partition by id order by time) = 1) as found
anti join reported using (id)
