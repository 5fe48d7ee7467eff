-- Suppressions as they stand, newest first, with what each hides. One that was ended early ends before every finding.
with newest as (
  select
    id, max(made_at) as made_at, arg_max(made_by, made_at) as made_by, arg_max(rule, made_at) as rule,
    arg_max(actor, made_at) as actor, arg_max(resource, made_at) as resource, arg_max(ends_at, made_at) as ends_at,
    arg_max(why, made_at) as why
  from suppression
  where $id::varchar is null or id = $id::varchar
  group by id
),
hiding as (select hidden_by as id, count(*) as findings from finding_state where hidden group by hidden_by)
select
  newest.id,
  rule,
  actor,
  resource,
  strftime(ends_at, '%Y-%m-%dT%H:%M:%SZ') as until,
  ends_at <= made_at as ended,
  why as reason,
  made_by as "by",
  strftime(made_at, '%Y-%m-%dT%H:%M:%SZ') as made,
  coalesce(hiding.findings, 0) as hides,
  count(*) over () as total
from newest
left join hiding using (id)
order by made_at desc, newest.id
limit $most
