-- Answers that were cut off
-- Answers that reached the limit on their length, by identity and model.
select
  identity_arn,
  model,
  stop_reason,
  count(*) as answers,
  max(output_tokens) as most_tokens,
  max("timestamp") as last_time,
  arg_max_null(requestid, "timestamp") as last_requestid
from bedrock_invocation
where lower(stop_reason) in ('max_tokens', 'length', 'model_context_window_exceeded')
group by identity_arn, model, stop_reason
order by answers desc, last_time desc
limit 1000
