-- Dead letters as they are, but for those that have been replayed now.
select * replace (
  case when id in (select unnest({{ids}}::varchar[])) then make_timestamptz({{now}}) else replayed_at end as replayed_at
)
from {{letters}}
