-- The compressed bytes of random ids, of times, and of all other columns.
select
  coalesce(sum(total_compressed_size) filter (path_in_schema in ('eventid', 'requestid')), 0)::bigint as ids,
  coalesce(sum(total_compressed_size) filter (path_in_schema = 'eventtime'), 0)::bigint as times,
  coalesce(sum(total_compressed_size) filter (path_in_schema not in ('eventid', 'requestid', 'eventtime')), 0)::bigint as others
from parquet_metadata({{files}})
