-- Usage per endpoint and variant
-- Captured invocations, tokens and errors of each endpoint and variant by day; captures are a sample where
-- the endpoint samples.
select
  lake_day,
  endpointname,
  variantname,
  any_value(dialect) as dialect,
  count(*) as invocations,
  sum(input_tokens) as input_tokens,
  sum(output_tokens) as output_tokens,
  count(*) filter (output_tokens is null) as without_tokens,
  count(*) filter (errormessage is not null or errorcode is not null) as errors,
  min(eventmetadata_inferencetime) as first_time,
  max(eventmetadata_inferencetime) as last_time
from sagemaker_invocation
where kind = 'endpoint'
group by lake_day, endpointname, variantname
order by lake_day desc, invocations desc
limit 1000
