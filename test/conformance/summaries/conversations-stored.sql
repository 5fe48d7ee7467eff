select
  conversation, started, ended, who, identity_arn, role, accountid, region, calls, failed, tool_calls, tools, stop_reason,
  guardrail_interventions, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, latency_ms, models, lake_day
from conversation_summary_newest
