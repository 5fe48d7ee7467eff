-- Log files that no digest proves, and why
-- Log files that were altered, are missing, or are in no digest of their time.
-- portable: no, because views of digests read their JSON with DuckDB's functions
select
  account,
  region,
  day,
  state,
  count(*) as files,
  min(lake_object) as first_file
from (
  select lake_object, account, region, day, state from digest_log
  union all
  select lake_object, account, region, day, state from digest_unnamed
)
where state not in ('same', 'left-out', 'awaited')
group by account, region, day, state
order by day desc, files desc, account, region, state
limit 1000
