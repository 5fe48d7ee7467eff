-- The model calls of the new rows, from any of the logs.
create or replace temp table new_request as
select requestid, eventtime as time, eventsource = 'bedrock.amazonaws.com' as is_bedrock
from new_trail
where eventsource <> 'ssm.amazonaws.com'
union all
select requestid, timestamp, true from {{invocations}}
union all
select null, eventmetadata_inferencetime, false from {{captures}} where kind = 'endpoint'
