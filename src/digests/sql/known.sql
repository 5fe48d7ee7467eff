-- The newest row of each digest of a place.
select
  lake_object, chain, place, account, region, trail, home_region, organization, kind,
  strftime(start_time at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') as start_time,
  strftime(end_time at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') as end_time,
  state, reason, checked, sha256, signature, fingerprint, previous_object, previous_sha256, previous_signature, log_files,
  moved_from, moved_to, document
from digest
where place = $place and end_time >= $since::timestamptz
qualify row_number() over (partition by lake_object order by checked desc, lake_ingested_at desc) = 1
