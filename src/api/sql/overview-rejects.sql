-- Records that could not be read, by when they came.
select lake_ingested_at >= $from::timestamptz as within, epoch_us(lake_ingested_at) // $step_us::bigint as bucket,
  sum(coalesce(records, 1))::bigint as rejects
from reject
where lake_ingested_at >= $since::timestamptz and lake_ingested_at < $until::timestamptz
group by all
