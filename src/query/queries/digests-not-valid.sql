-- Digests that are not valid, and why
-- Digests that are missing, moved, unsigned, forged or altered, by verdict: none of them proves anything.
select
  account,
  region,
  trail,
  state,
  count(*) as digests,
  min(end_time) as first_end,
  max(end_time) as last_end,
  arg_max_null(reason, end_time) as newest_reason,
  arg_max_null(lake_object, end_time) as newest_digest
from (
  select *, row_number() over (partition by lake_object order by checked desc, lake_ingested_at desc) as newer
  from digest
)
where newer = 1 and state <> 'valid'
group by account, region, trail, state
order by digests desc, account, region, trail, state
limit 1000
