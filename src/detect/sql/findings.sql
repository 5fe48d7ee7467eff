-- Findings that the lake has not, under any of their ids, each once, with the suppression that hides it now.
with suppressed as (
{{suppressed}}
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
    where
{{hides}}
  ) as suppressed_by,
  found.time::date as lake_day,
  now() as lake_ingested_at
from (from detect_found qualify row_number() over (partition by id order by time) = 1) as found
anti join reported using (id)
