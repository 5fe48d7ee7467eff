-- Errors and throttles of endpoints and models
-- Invocations, errors and throttles of each endpoint and model by hour.
select
  date_trunc('hour', "timestamp") as hour,
  namespace,
  coalesce(endpointname, modelid) as endpoint_or_model,
  variantname,
  sum("sum") filter (metric_name = 'Invocations') as invocations,
  sum("sum") filter (metric_name in ('Invocation4XXErrors', 'InvocationClientErrors')) as client_errors,
  sum("sum") filter (metric_name in ('Invocation5XXErrors', 'InvocationServerErrors')) as server_errors,
  sum("sum") filter (metric_name = 'InvocationModelErrors') as model_errors,
  sum("sum") filter (metric_name = 'InvocationThrottles') as throttles
from (
  select *
  from cloudwatch_metric
  where kind = 'datapoint' and namespace in ('AWS/SageMaker', 'AWS/Bedrock')
  -- a late data point has two rows: the later one includes more values
  qualify row_number() over (
    partition by account_id, region, namespace, metric_name, dimensions, "timestamp" order by "count" desc
  ) = 1
)
group by 1, 2, 3, 4
order by hour desc, invocations desc
limit 1000
