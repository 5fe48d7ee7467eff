-- Tool calls by endpoint
-- Every tool call of a model behind an endpoint, with its input and the prompt before it.
select
  eventmetadata_inferencetime,
  endpointname,
  modelid,
  json_extract_string(call, '$.name') as tool,
  json_extract_string(call, '$.id') as tool_use_id,
  json_extract(call, '$.input') as input,
  prompt,
  id
from (
  select *, unnest(from_json(tool_uses, '["json"]')) as call
  from sagemaker_invocation
  where tool_uses is not null
)
where json_extract_string(call, '$.seen') = 'output'
order by eventmetadata_inferencetime desc
limit 1000
