-- Latency of endpoints and models
-- Average, worst and highest 99th percentile of each latency metric by hour, in milliseconds.
select
  date_trunc('hour', "timestamp") as hour,
  namespace,
  coalesce(endpointname, modelid) as endpoint_or_model,
  variantname,
  metric_name,
  sum("sum") * any_value(ms_per_unit) / nullif(sum("count"), 0) as average_ms,
  max(max_ms) as max_ms,
  max(cast(json_extract_string("value", '$.p99') as double) * ms_per_unit) as highest_p99_ms,
  sum("count") as invocations
from (
  select *
  from cloudwatch_metric
  where kind = 'datapoint' and ms_per_unit is not null
  -- a late data point has two rows: the later one includes more values
  qualify row_number() over (
    partition by account_id, region, namespace, metric_name, dimensions, "timestamp" order by "count" desc
  ) = 1
)
group by 1, 2, 3, 4, 5
order by hour desc, max_ms desc
limit 1000
