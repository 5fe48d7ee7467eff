-- Rejected records by their time of arrival; those of files that came days later, by the day of the file.
with timed as (
  select
    records,
    case
      when lake_ingested_at::date - lake_day > 1 then lake_day::timestamp at time zone 'UTC'
      else lake_ingested_at
    end as time
  from reject
)
select time >= $from::timestamptz as within, epoch_us(time) // $step_us::bigint as bucket,
  sum(coalesce(records, 1))::bigint as rejects
from timed
where time >= $since::timestamptz and time < $until::timestamptz
group by all
