-- Throttled and failed calls
-- The errors of each identity with each model, and their share of its calls.
select
  model,
  identity_arn,
  errorcode,
  count(*) as failed,
  any_value(all_calls) as all_calls,
  round(count(*) / any_value(all_calls), 3) as share,
  min("timestamp") as first_time,
  max("timestamp") as last_time,
  arg_max_null(requestid, "timestamp") as last_requestid
from (
  select *, count(*) over (partition by model, identity_arn) as all_calls
  from bedrock_invocation
)
where errorcode is not null
group by model, identity_arn, errorcode
order by failed desc, last_time desc
limit 1000
