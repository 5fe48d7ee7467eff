-- findings-on-models.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  severitylabel,
  type,
  title,
  accountid,
  modelids,
  guardrail_action,
  service,
  api,
  username,
  remoteip,
  seen,
  updatedat,
  id
FROM (
  SELECT
    severitylabel,
    type,
    title,
    accountid,
    modelids,
    JSON_EXTRACT_SCALAR(resource_bedrockguardraildetails, '$.guardrailAction') AS guardrail_action,
    service_action_awsapicallaction_servicename AS service,
    service_action_awsapicallaction_api AS api,
    resource_accesskeydetails_username AS username,
    remoteip,
    service_count AS seen,
    updatedat,
    id,
    ROW_NUMBER() OVER (PARTITION BY id ORDER BY updatedat DESC) AS window_1
  FROM guardduty_finding
  WHERE
    NOT modelids IS NULL
    OR NOT resource_bedrockguardraildetails IS NULL
    OR REGEXP_LIKE(service_action_awsapicallaction_servicename, '^(sagemaker|bedrock)')
  ORDER BY
    severity DESC,
    updatedat DESC
) AS numbered
WHERE
  window_1 = 1
