-- Findings as they stand
-- Every finding in its newest version, the most severe first, with the actor, the source and the number of
-- versions.
select
  severitylabel,
  severity,
  type,
  title,
  accountid,
  region,
  resource_accesskeydetails_username as username,
  resource_accesskeydetails_accesskeyid as accesskeyid,
  service_action_awsapicallaction_api as api,
  remoteip,
  remotecountry,
  service_count as seen,
  count(*) over (partition by id) as versions,
  service_eventfirstseen as first_seen,
  service_eventlastseen as last_seen,
  updatedat,
  id
from guardduty_finding
qualify row_number() over (partition by id order by updatedat desc) = 1
order by severity desc, updatedat desc
limit 1000
