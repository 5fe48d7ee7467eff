-- What became of each endpoint
-- The states of every endpoint in order, with the time until the next event.
select
  resourcename as endpointname,
  "time",
  detail_type,
  status,
  lag(status) over endpoint as before,
  lead("time") over endpoint - "time" as lasted,
  endpointconfigname,
  failurereason,
  id
from sagemaker_event
where resourcetype = 'Endpoint'
window endpoint as (partition by account, region, lower(resourcearn) order by "time")
order by endpointname, "time"
limit 1000
