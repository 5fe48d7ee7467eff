-- guardrails.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  "timestamp",
  identity_arn,
  model,
  guardrail_action,
  guardrail_verdict,
  guardrail_policies,
  guardrail_ids,
  JSON_EXTRACT_SCALAR(guardrail_trace, '$.actionReason') AS reason,
  prompt,
  requestid
FROM bedrock_invocation
WHERE
  guardrail_action = 'INTERVENED' OR guardrail_verdict = 'DETECTED'
ORDER BY
  "timestamp" DESC,
  requestid
