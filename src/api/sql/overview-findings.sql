-- Findings per step of time.
select time >= $from::timestamptz as within, epoch_us(time) // $step_us::bigint as bucket, count(*) as findings
from finding
where time >= $since::timestamptz and time < $until::timestamptz
group by all
