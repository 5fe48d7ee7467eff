-- Dead letters, with those that were replayed now marked.
select * replace (
  case when id in (select unnest({{ids}}::varchar[])) then make_timestamptz({{now}}) else replayed_at end as replayed_at
)
from {{deadLetters}}
