-- Endpoints that run full
-- Processor, memory, disk and accelerator of endpoints by hour; Data Capture stops silently when the disk
-- fills up.
select
  date_trunc('hour', "timestamp") as hour,
  endpointname,
  variantname,
  metric_name,
  max("max") as highest,
  sum("sum") / nullif(sum("count"), 0) as average
from cloudwatch_metric
where kind = 'datapoint'
  and namespace in ('/aws/sagemaker/Endpoints', '/aws/sagemaker/InferenceComponents')
  and metric_name like '%Utilization%'
group by 1, 2, 3, 4
order by highest desc, hour desc
limit 1000
