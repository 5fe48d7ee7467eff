-- Prompts and answers
-- The newest prompts with the answer, the parameters and the tokens.
select
  eventmetadata_inferencetime,
  endpointname,
  variantname,
  modelid,
  prompt,
  completion,
  stop_reason,
  parameters,
  input_tokens,
  output_tokens,
  eventmetadata_inferenceid,
  id
from sagemaker_invocation
where prompt is not null or completion is not null
order by eventmetadata_inferencetime desc
limit 1000
