-- Who called models for the first time
-- Identities without an earlier call of a model, with what they called first and from where. A person in a
-- role of Identity Center counts as themselves, other roles as one, whatever their sessions are called.
-- since: Only those who came on this day or later, as in 2026-01-07; all by default.
select
  min(time) as first_time,
  role,
  case when role is null or role like 'AWSReservedSSO%' then who end as person,
  arg_min_null(model, time) as first_model,
  arg_min_null(sourceipaddress, time) as first_address,
  count(*) as calls,
  count(errorcode) as failed,
  arg_min_null(coalesce(eventid, requestid), time) as first_event
from bedrock_call
group by role, person
having min(time) >= coalesce($since::date, date '1970-01-01')
order by first_time desc
limit 1000
