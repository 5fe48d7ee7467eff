-- Log files that differ from what digests say, the first of each kind.
select state, lake_object, digest
from (
  select state, lake_object, digest
  from digest_log
  where state not in ('same', 'left-out')
  union all
  select state, lake_object, null as digest
  from digest_unnamed
  where state not in ('awaited')
)
qualify row_number() over (partition by state order by lake_object) <= $max
order by state, lake_object
