-- The same person's sessions directly before and after one.
select
  arg_min(id, coalesce(started, output_from)) filter (where coalesce(started, output_from) > $begun::timestamptz) as newer,
  arg_max(id, coalesce(started, output_from)) filter (where coalesce(started, output_from) < $begun::timestamptz) as older
from session_summary_newest
where who = $who::varchar and id <> $id::varchar
