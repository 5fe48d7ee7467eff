-- Jobs that failed
-- Training, tuning, transform and processing jobs and pipeline steps that failed or were stopped, with the
-- reason and the role.
select
  max("time") as last_time,
  account,
  region,
  resourcetype,
  resourcename,
  status,
  any_value(failurereason) as failurereason,
  any_value(instancetype) as instancetype,
  any_value(instancecount) as instancecount,
  any_value(rolearn) as rolearn,
  any_value(image) as image,
  max(date_diff('second', starttime, endtime)) as seconds,
  count(*) as events
from sagemaker_event
where status in ('Failed', 'Stopped')
  and resourcetype in ('TrainingJob', 'HyperParameterTuningJob', 'TransformJob', 'ProcessingJob', 'Pipeline', 'PipelineStep')
group by account, region, resourcetype, resourcename, status
order by last_time desc
limit 1000
