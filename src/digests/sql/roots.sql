-- The folders to which CloudTrail delivers digests, derived from the folders of log files in the ledger.
select
  root || 'CloudTrail-Digest/' as root, region, arg_max(source, lake_ingested_at) as source,
  strftime(min(lake_day), '%Y-%m-%d') as first, strftime(max(lake_day), '%Y-%m-%d') as last
from (
  select
    source, lake_ingested_at, lake_day,
    unnest(regexp_extract(
      lake_object, '^(.*?AWSLogs/(?:o-[a-z0-9]+/)?[0-9]{12}/)CloudTrail(?:-[A-Za-z]+)?/([a-z0-9-]+)/[0-9]{4}/', ['root', 'region']
    ))
  from ledger
  where lake_day is not null
)
where root <> ''
group by all
order by all
