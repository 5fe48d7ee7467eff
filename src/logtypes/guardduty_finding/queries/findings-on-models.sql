-- Findings on models and endpoints
-- Findings, newest versions, that are about a model or an endpoint, or about calls of SageMaker and Bedrock.
select
  severitylabel,
  type,
  title,
  accountid,
  modelids,
  json_extract_string(resource_bedrockguardraildetails, '$.guardrailAction') as guardrail_action,
  service_action_awsapicallaction_servicename as service,
  service_action_awsapicallaction_api as api,
  resource_accesskeydetails_username as username,
  remoteip,
  service_count as seen,
  updatedat,
  id
from guardduty_finding
where modelids is not null
  or resource_bedrockguardraildetails is not null
  or regexp_matches(service_action_awsapicallaction_servicename, '^(sagemaker|bedrock)')
qualify row_number() over (partition by id order by updatedat desc) = 1
order by severity desc, updatedat desc
limit 1000
