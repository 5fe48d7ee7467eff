-- How fast objects of each source arrive, and how long after their records: over the last hour with a commit,
-- and over the last 1,000 objects.
with object as (
  select source, records_stored, first_time, last_time, lake_ingested_at,
    row_number() over (partition by source order by lake_ingested_at desc) as n,
    max(lake_ingested_at) over (partition by source) as newest
  from ledger
  where source is not null and outcome = 'stored'
)
select
  source,
  round(sum(records_stored) filter (where lake_ingested_at > newest - interval 1 hour) / 3600, 3) as rate,
  round(median(epoch(lake_ingested_at) - epoch(last_time)) filter (where n <= 1000)) as usual_lag_s
from object
group by source
