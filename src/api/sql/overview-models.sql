-- Model use by steps of time and all that a price depends on; whether before or in the span.
select
  time >= $from::timestamptz as within,
  epoch_us(time) // $step_us::bigint as bucket,
  service, model, modelid, region as in_region, time::date::varchar as day,
  sum(invocations)::bigint as invocations,
  coalesce(sum(invocations) filter (where errorcode is not null), 0)::bigint as failed,
  coalesce(sum(input_tokens), 0)::bigint as input_tokens,
  coalesce(sum(output_tokens), 0)::bigint as output_tokens,
  coalesce(sum(cache_read_tokens), 0)::bigint as cache_read_tokens,
  coalesce(sum(cache_write_tokens), 0)::bigint as cache_write_tokens,
  0 as uncounted
from model_usage_10min_newest
where time >= $since::timestamptz and time < $until::timestamptz and told_by <> 'data capture'
group by all
