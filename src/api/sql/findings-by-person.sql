-- Findings by the person they are about.
select actor as arn, split_part(split_part(actor, ' via ', 1), '/', -1) as who, epoch_ms(time) as time_ms, severity
from finding
where time >= $since::timestamptz - interval 1 day and time < $until::timestamptz + interval 1 day and actor is not null
