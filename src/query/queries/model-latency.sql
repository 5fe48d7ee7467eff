-- How long models take
-- Percentiles of the time an answer took, by model and operation, and how fast it was written.
select
  model,
  operation,
  count(latency_ms) as measured,
  quantile_cont(latency_ms, 0.5)::bigint as p50_ms,
  quantile_cont(latency_ms, 0.9)::bigint as p90_ms,
  quantile_cont(latency_ms, 0.99)::bigint as p99_ms,
  quantile_cont(first_byte_latency_ms, 0.5)::bigint as first_byte_p50_ms,
  round(sum(output_tokens) / (sum(latency_ms) / 1000), 1) as tokens_a_second
from bedrock_call
where latency_ms > 0
group by all
order by measured desc
limit 1000
