-- CloudTrail's log files in the lake that no valid digest names
-- One row per object: whether a digest of it is still to come, there is none for its time, or there is one
-- and it is not in it.
-- lake_object: The log file, as the ledger calls it.
-- delivered: When it was delivered, as its name tells.
-- state: `awaited` behind the newest digest, `uncovered` where no digest is valid for its time, `unnamed`
--   where one is, `no-digests` where there is no chain.
-- day: The UTC date of its delivery, as its name tells.
-- head: The end of the newest digest of its place.
with log as (
  select
    lake_object, lake_day as day,
    unnest(regexp_extract(
      lake_object, '^(.*?AWSLogs/(?:o-[a-z0-9]+/)?([0-9]{12})/)CloudTrail(?:-[A-Za-z]+)?/([a-z0-9-]+)/[0-9]{4}/', ['root', 'account', 'region']
    )),
    try_strptime(regexp_extract(lake_object, '_([0-9]{8}T[0-9]{4}Z)_[^/]*$', 1), '%Y%m%dT%H%MZ') at time zone 'UTC' as delivered
  from ledger
  where outcome <> 'left-out'
), mine as (
  select distinct lake_object, day, root || 'CloudTrail-Digest/' || region as place, account, region, delivered
  from log
  where root <> '' and not regexp_matches(lake_object, 'AWSLogs/(?:o-[a-z0-9]+/)?[0-9]{12}/CloudTrail-Digest/')
    and lake_object not in (select lake_object from digest_log)
), head as (
  select place, max(end_time) as head from digest_newest group by all
), covered as (
  select mine.lake_object
  from mine
  join digest_newest as one
    on one.place = mine.place and one.document is not null and one.state in ('valid', 'missing')
      and mine.delivered >= one.start_time and mine.delivered < one.end_time
)
select
  lake_object, place, account, mine.region, strftime(day, '%Y-%m-%d') as day, delivered, head,
  case
    when head is null then 'no-digests'
    when lake_object in (select lake_object from covered) then 'unnamed'
    when delivered >= head then 'awaited'
    else 'uncovered'
  end as state
from mine
left join head using (place)
