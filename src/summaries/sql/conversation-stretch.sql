-- The calls of the stretches that contain new rows.
create or replace temp table stretch_call as
select *
from conversation_call
where (thread, stretch) in (
  select (thread, stretch) from conversation_call where requestid in (select requestid from new_request)
)
