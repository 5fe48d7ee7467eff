-- How far the chains of each place go.
select chain, strftime(max(end_time) at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') as head
from digest
where place = $place
group by chain
