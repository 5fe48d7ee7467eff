-- Refused rows as they are, but for those that have been taken now.
select * replace (
  case when id in (from taken) and delivered_at is null then make_timestamptz({{now}}) else delivered_at end as delivered_at
)
from {{rows}}
