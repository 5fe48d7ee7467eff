-- Suppressions as they stand, with what each hides.
with newest as (
  select
    id, arg_max(made_at, made_at) as made_at, arg_max(made_by, made_at) as made_by, arg_max(rule, made_at) as rule,
    arg_max(actor, made_at) as actor, arg_max(resource, made_at) as resource, arg_max(ends_at, made_at) as ends_at,
    arg_max(why, made_at) as why
  from suppression
  group by id
),
hiding as (select hidden_by as id, count(*) as findings from finding_state where hidden group by hidden_by)
select
  newest.id, rule, actor, resource, ends_at, ends_at <= now() as ended, why, made_by, made_at,
  coalesce(hiding.findings, 0) as hides, count(*) over () as in_all
from newest
left join hiding using (id)
order by made_at desc
limit $most
