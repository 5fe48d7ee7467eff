-- Findings, and what their credentials did around them
-- Each GuardDuty finding on an access key with the calls that the key made from an hour before its first to
-- an hour after its last event.
with finding as (
  select
    *,
    resource ->> '$.accessKeyDetails.accessKeyId' as accesskeyid,
    try_cast(service ->> '$.eventFirstSeen' as timestamptz) as first_seen,
    try_cast(service ->> '$.eventLastSeen' as timestamptz) as last_seen
  from guardduty_finding_newest
)
select
  finding.type,
  finding.severity,
  finding.title,
  call.eventtime,
  split_part(call.eventsource, '.', 1) || ':' || call.eventname as action,
  call.errorcode,
  call.sourceipaddress,
  coalesce(call.useridentity_sessioncontext_sourceidentity, call.useridentity_arn) as who,
  finding.id as finding,
  call.eventid
from finding
join cloudtrail as call
  on call.useridentity_accesskeyid = finding.accesskeyid
  and call.eventtime between finding.first_seen - interval 1 hour and finding.last_seen + interval 1 hour
order by severity desc, finding, call.eventtime
limit 1000
