-- Bodies that nobody reads
-- Captures by what their bodies are: those without a dialect say nothing of prompts and tokens.
select
  endpointname,
  variantname,
  input_body_state,
  output_body_state,
  dialect,
  count(*) as invocations,
  any_value(capturedata_endpointinput_observedcontenttype) as content_type,
  max(eventmetadata_inferencetime) as last_time
from sagemaker_invocation
group by 1, 2, 3, 4, 5
order by invocations desc
limit 1000
