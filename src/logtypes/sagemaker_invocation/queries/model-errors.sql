-- Errors that models answered
-- Requests that the container answered with an error, or whose answer was cut off by one.
select
  eventmetadata_inferencetime,
  endpointname,
  variantname,
  errorcode,
  errormessage,
  stop_reason,
  left(prompt, 200) as prompt,
  id
from sagemaker_invocation
where errorcode is not null or errormessage is not null or stop_reason = 'error'
order by eventmetadata_inferencetime desc
limit 1000
