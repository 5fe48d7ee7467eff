-- Log files that CloudTrail's digests name, and what the lake has of each
-- One row per log file of a valid digest: `same` when the ledger has an object of that name whose unzipped
-- bytes have the SHA-256 that AWS signed.
-- lake_object: The log file, as the ledger calls it.
-- sha256: SHA-256 of its unzipped bytes, as AWS signed it.
-- digest: The digest that names it.
-- day: The UTC date of its delivery, as its name tells.
-- state: `same`, `changed`, `trailing-bytes`, `not-gzip`, `not-in-lake`, `left-out` by a filter, or
--   `unknown` where it was read before the ledger kept hashes of unzipped bytes.
with named as (
  select
    chain, account, region, trail, kind, digest, hash,
    case
      when moved_from is not null and starts_with(uri, moved_from) then moved_to || substr(uri, length(moved_from) + 1)
      else uri
    end as log
  from (
    select
      chain, account, region, trail, kind, lake_object as digest, moved_from, moved_to, lower(file.hashValue) as hash,
      's3://' || file.s3Bucket || '/' || file.s3Object as uri
    from (
      select
        *, unnest(from_json(document -> '$.logFiles', '[{"s3Bucket": "VARCHAR", "s3Object": "VARCHAR", "hashValue": "VARCHAR"}]')) as file
      from digest_newest
      -- What was valid while it was there proves still.
      where document is not null and state in ('valid', 'missing')
    )
  )
), held as (
  select
    named.log, named.hash, count(ledger.lake_object) as versions,
    count_if(expanded_sha256 = hash and trailing_bytes = 0) as same,
    count_if(expanded_sha256 = hash and trailing_bytes > 0) as behind,
    count_if(expanded_sha256 = hash and trailing_bytes is null) as unzipped,
    count_if(expanded_sha256 <> hash) as changed,
    count_if(outcome = 'left-out') as left_out
  from (select distinct log, hash from named) as named
  left join ledger on ledger.lake_object = named.log
  group by all
)
select
  named.log as lake_object, named.hash as sha256, digest, chain, account, region, trail, kind,
  regexp_extract(named.log, '/([0-9]{4}/[0-9]{2}/[0-9]{2})/[^/]*$', 1).replace('/', '-') as day,
  case
    when versions = 0 then 'not-in-lake'
    when changed > 0 then 'changed'
    when behind > 0 then 'trailing-bytes'
    when unzipped > 0 then 'not-gzip'
    when same > 0 then 'same'
    when left_out > 0 then 'left-out'
    else 'unknown'
  end as state
from named
join held on held.log = named.log and held.hash = named.hash
