-- Bodies that nobody reads
-- Captures by the kind of their bodies: those without a dialect have no prompts and no token counts.
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
