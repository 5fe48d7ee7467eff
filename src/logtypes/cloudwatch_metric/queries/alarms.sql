-- Alarms
-- Every change of an alarm, with what it looks at, why it changed and how long it had been in the state before.
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
