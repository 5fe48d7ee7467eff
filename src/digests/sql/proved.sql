-- The state of these log files, by the digests that name them.
select lake_object as object, sha256, digest, state
from digest_log
where lake_object in (select unnest(from_json($names::json, '["varchar"]')))
order by all
