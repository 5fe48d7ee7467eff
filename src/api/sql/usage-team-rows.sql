-- Model use in the span, with the team of each row's caller by the people file, else of the role behind it. A
-- name has one team on a day at most, so no row is there twice.
with span as (
  select unnest(
    from_json($teams::json, '[{"name":"VARCHAR","from":"VARCHAR","until":"VARCHAR","team":"VARCHAR"}]'),
    recursive := true
  )
),
used as (
  {{rows}}
)
select used.* exclude (team), coalesce(caller.team, role.team) as team
from used
left join span as caller
  on caller.name = used.who
  and (caller."from" = '' or caller."from" <= used.day)
  and (caller.until = '' or used.day < caller.until)
left join span as role
  on role.name = used.role
  and (role."from" = '' or role."from" <= used.day)
  and (role.until = '' or used.day < role.until)
