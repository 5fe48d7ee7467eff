-- What callers say of themselves
-- Values in the request metadata next to the verified identity: an identity with many names is shared, or
-- sends false names.
select
  identity_arn,
  said.key as field,
  count(distinct said.value) as different,
  list(distinct json_extract_string(said.value, '$'))[1:10] as said_values,
  count(*) as calls,
  min("timestamp") as first_time,
  max("timestamp") as last_time
from bedrock_invocation, json_each(requestmetadata) as said
where requestmetadata is not null
group by identity_arn, field
order by different desc, calls desc, identity_arn, field
limit 1000
