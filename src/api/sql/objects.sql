-- Objects of the ledger, the newest first, with the total count.
select
  lake_object, outcome, logtype, envelope, bytes, records_read, records_stored, records_repeated, records_skipped,
  records_rejected, records_conflicting, reason, first_time, last_time, sha256, version, lake_ingested_at,
  count(*) over () as in_all
from ledger
where ($outcome::varchar is null or outcome = $outcome)
  and ($logtype::varchar is null or logtype = $logtype)
  and ($pattern::varchar is null or lake_object like $pattern)
order by lake_ingested_at desc, lake_object, version
limit $max offset $before
