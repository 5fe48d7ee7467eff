-- Guardrail interventions
-- What guardrails blocked, masked or noticed, for whom, by which policy, and what was asked.
select
  "timestamp",
  identity_arn,
  model,
  guardrail_action,
  guardrail_verdict,
  guardrail_policies,
  guardrail_ids,
  json_extract_string(guardrail_trace, '$.actionReason') as reason,
  prompt,
  requestid
from bedrock_invocation
where guardrail_action = 'INTERVENED' or guardrail_verdict = 'DETECTED'
order by "timestamp" desc, requestid
limit 1000
