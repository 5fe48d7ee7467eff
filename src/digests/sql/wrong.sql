-- Digests that are not valid.
select lake_object, chain, state, reason, document is not null as known
from digest_newest
where state <> 'valid'
order by chain, end_time
