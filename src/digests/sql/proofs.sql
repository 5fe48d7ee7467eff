-- The digests that name these log files, each with its signed content.
select distinct
  one.lake_object as object, chain, state, sha256, signature, fingerprint, document,
  strftime(end_time at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as ends
from digest_newest as one
where one.document is not null and one.lake_object in (
  select digest from digest_log where lake_object in (select unnest(from_json($names::json, '["varchar"]')))
)
order by object
