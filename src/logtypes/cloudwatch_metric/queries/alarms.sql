-- Alarms
-- Every change of an alarm, with its metric, the reason and the duration of the previous state.
select
  "timestamp",
  kind,
  alarmname,
  previousstate,
  state,
  "timestamp" - previoustimestamp as lasted,
  metric_name,
  endpointname,
  modelid,
  threshold,
  reason,
  operation,
  id
from cloudwatch_metric
where kind <> 'datapoint'
order by "timestamp" desc
limit 1000
