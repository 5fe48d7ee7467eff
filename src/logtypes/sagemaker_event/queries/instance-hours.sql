-- Instance hours of jobs
-- Instance hours of finished jobs, by role and instance type.
select
  rolearn,
  resourcetype,
  instancetype,
  count(*) as jobs,
  sum(hours) as instance_hours
from (
  select
    resourcearn,
    any_value(resourcetype) as resourcetype,
    any_value(rolearn) as rolearn,
    any_value(instancetype) as instancetype,
    max(instancecount * date_diff('second', starttime, endtime)) / 3600.0 as hours
  from sagemaker_event
  where endtime is not null and starttime is not null and instancetype is not null
  group by resourcearn
)
group by rolearn, resourcetype, instancetype
order by instance_hours desc
limit 1000
