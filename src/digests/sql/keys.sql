-- Every key as it was first seen.
select fingerprint, value, region, came_from, null as valid_from, null as valid_until, lake_object
from digest_key
qualify row_number() over (partition by fingerprint order by lake_ingested_at) = 1
