-- Dead letters that were not replayed, by source.
select source, count(*) as letters
from deadletter
where replayed_at is null
group by source
