-- The end of each chain of a place.
select chain, strftime(max(end_time) at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') as head
from digest
where place = $place
group by chain
