-- Guardrail interventions
-- Content that guardrails blocked, masked or detected, with the caller, the policy and the prompt.
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
