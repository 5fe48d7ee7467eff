-- The ten-minute windows of new model calls, and those of the other log's rows of the same calls: once both
-- exist, a call is counted at the invocation log's time.
create or replace temp table touched_window as
select distinct make_timestamptz(epoch_us(time) // 600000000 * 600000000) as time
from (
  select eventtime as time from new_trail where eventsource <> 'ssm.amazonaws.com'
  union all
  select timestamp from {{invocations}}
  union all
  select eventmetadata_inferencetime from {{captures}} where kind = 'endpoint'
  union all
  select timestamp from bedrock_invocation where requestid in (select requestid from new_request)
  union all
  select eventtime from cloudtrail where requestid in (select requestid from new_request)
)
where time is not null
