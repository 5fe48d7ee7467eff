-- Cost by person and role
-- Spending on models by identity, over all days, with the most expensive model: each person alone, sessions
-- named by a machine together with those of the same role.
select
  accountid,
  role,
  -- The id of an instance, a time or a number, a UUID, what an SDK makes up
  case
    when not regexp_matches(
      who, '^i-[0-9a-f]{8,17}$|[0-9]{10}|[0-9a-f]{8}-[0-9a-f]{4}-|^(botocore-session|aws-[a-z0-9-]*sdk|awscli|session)-|^AssumeRoleSession'
    )
    then who
  end as person,
  sum(invocations)::bigint as invocations,
  sum(input_tokens)::bigint as input_tokens,
  sum(output_tokens)::bigint as output_tokens,
  round(sum(cost_usd), 4) as cost_usd,
  sum(unpriced)::bigint as unpriced,
  arg_max_null(model, cost_usd) as mostly_for
from model_usage
group by all
order by cost_usd desc nulls last, invocations desc
limit 1000
