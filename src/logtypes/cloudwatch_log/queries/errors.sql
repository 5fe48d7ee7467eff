-- Errors in SageMaker's logs
-- The newest lines of training jobs, endpoints and notebooks that mention an error.
select "timestamp", loggroup, logstream, message, id
from cloudwatch_log
where loggroup like '/aws/sagemaker/%'
  and regexp_matches(message, '(?i)\b(error|exception|traceback|fatal|out of memory)\b')
order by "timestamp" desc
limit 1000
