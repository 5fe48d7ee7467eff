-- CloudTrail's digests, each with the verdict that holds
-- One row per digest: whether it is signed by AWS, lies where it was delivered to, and is the one that the
-- digest behind it names.
-- chain: The digests that name one another: place, Region, trail, home Region, kind.
-- state: The verdict: only `valid` proves anything.
select *
from digest
qualify row_number() over (partition by lake_object order by checked desc, lake_ingested_at desc) = 1
