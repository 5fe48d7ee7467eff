select
  coalesce(requestparameters ->> 'modelId', split_part(resources ->> '$[0].ARN', '/', -1)) as model_or_endpoint,
  case
    when useridentity_sessioncontext_sessionissuer_username not like 'AWSReservedSSO%'
      then useridentity_sessioncontext_sessionissuer_username
    else split_part(useridentity_arn, '/', -1)
  end as who,
  count(*) as calls,
  count(errorcode) as failed,
  sum((additionaleventdata ->> 'inputTokens')::bigint) as tokens_in,
  sum((additionaleventdata ->> 'outputTokens')::bigint) as tokens_out
from cloudtrail
where eventsource in ('bedrock.amazonaws.com', 'sagemaker.amazonaws.com')
  and (eventname like 'Invoke%' or eventname like 'Converse%')
group by model_or_endpoint, who
order by calls desc, who
limit 12
