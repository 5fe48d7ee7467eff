-- newest-findings.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  severitylabel,
  severity,
  type,
  title,
  accountid,
  region,
  username,
  accesskeyid,
  api,
  remoteip,
  remotecountry,
  seen,
  versions,
  first_seen,
  last_seen,
  updatedat,
  id
FROM (
  SELECT
    severitylabel,
    severity,
    type,
    title,
    accountid,
    region,
    resource_accesskeydetails_username AS username,
    resource_accesskeydetails_accesskeyid AS accesskeyid,
    service_action_awsapicallaction_api AS api,
    remoteip,
    remotecountry,
    service_count AS seen,
    COUNT(*) OVER (PARTITION BY id) AS versions,
    service_eventfirstseen AS first_seen,
    service_eventlastseen AS last_seen,
    updatedat,
    id,
    ROW_NUMBER() OVER (PARTITION BY id ORDER BY updatedat DESC) AS window_1
  FROM guardduty_finding
  ORDER BY
    severity DESC,
    updatedat DESC
) AS numbered
WHERE
  window_1 = 1
