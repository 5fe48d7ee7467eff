-- How busy and how slow endpoints are
-- Data points of each endpoint by day: calls, how long the model took in milliseconds, and how many
-- identities called.
select
  metric.lake_day,
  metric.endpointname,
  sum(metric.sum) filter (where metric.metric_name = 'Invocations') as invocations,
  round(
    sum(metric.average_ms * metric.count) filter (where metric.metric_name = 'ModelLatency')
    / sum(metric.count) filter (where metric.metric_name = 'ModelLatency')
  ) as latency_ms,
  max(metric.max_ms) filter (where metric.metric_name = 'ModelLatency') as slowest_ms,
  any_value(usage.identities) as identities
from cloudwatch_metric as metric
left join (
  select day, endpoint, count(distinct who) as identities
  from model_usage
  where endpoint is not null
  group by all
) as usage
  on usage.day = metric.lake_day and usage.endpoint = lower(metric.endpointname)
where metric.namespace = 'AWS/SageMaker' and metric.endpointname is not null
group by all
order by metric.lake_day desc, invocations desc
limit 1000
