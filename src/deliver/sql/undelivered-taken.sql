-- Refused rows; those taken now are marked.
select * replace (
  case when id in (from taken) and delivered_at is null then make_timestamptz({{now}}) else delivered_at end as delivered_at
)
from {{rows}}
