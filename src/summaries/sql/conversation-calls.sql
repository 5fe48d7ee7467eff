-- The calls of conversations in the time span, grouped as in the view `conversation`, and in stretches: after
-- a pause of more than 30 minutes every run ends, so the calls between two such pauses are complete runs.
create or replace temp table conversation_call as
with call as (
  select requestid, time, coalesce(conversation_id, identity_arn, requestid) as thread
  from bedrock_call
  where conversation_id is not null or (told_by <> 'cloudtrail' and prompt is null and message_count is null)
),
stepped as (
  select *, date_diff('second', lag(time) over (partition by thread order by time, requestid), time) as pause
  from call
)
select
  requestid,
  time,
  thread,
  count_if(pause is null or pause > 1800) over (partition by thread order by time, requestid) as stretch
from stepped
