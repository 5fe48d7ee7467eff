select
  time, service, told_by, modelid, model, endpoint, accountid, region, who, role, errorcode, invocations, counted,
  input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, timed, latency_ms, latency_ms_max, latency_histogram,
  lake_day, named_team
from model_usage_10min_newest
