-- Findings that the lake does not have, each once, with the suppression that hides it now.
with suppressed as (
  select
    id, arg_max(rule, made_at) as rule, arg_max(actor, made_at) as actor, arg_max(resource, made_at) as resource,
    arg_max(ends_at, made_at) as ends_at
  from {{suppressions}}
  group by id
)
select
  found.*,
  (
    select min(suppressed.id)
    from suppressed
    where found.time < suppressed.ends_at
      and (suppressed.rule is null or suppressed.rule = found.rule)
      and (suppressed.actor is null or coalesce(found.actor, '') glob suppressed.actor)
      and (suppressed.resource is null or coalesce(found.resource, '') glob suppressed.resource)
  ) as suppressed_by,
  found.time::date as lake_day,
  now() as lake_ingested_at
from (from detect_found qualify row_number() over (partition by id order by time) = 1) as found
anti join {{known}} as known using (id)
