-- Latency by model
-- Percentiles of the time to the answer in milliseconds, and tokens per second.
select
  model,
  operation,
  count(latency_ms) as measured,
  quantile_cont(latency_ms, 0.5)::bigint as p50,
  quantile_cont(latency_ms, 0.9)::bigint as p90,
  quantile_cont(latency_ms, 0.99)::bigint as p99,
  quantile_cont(first_byte_latency_ms, 0.5)::bigint as first_byte_p50,
  quantile_cont(first_byte_latency_ms, 0.99)::bigint as first_byte_p99,
  round(sum(output_tokens) / nullif(sum(latency_ms), 0) * 1000, 1) as tokens_per_second
from bedrock_invocation
where latency_ms is not null
group by model, operation
order by measured desc, model
limit 1000
