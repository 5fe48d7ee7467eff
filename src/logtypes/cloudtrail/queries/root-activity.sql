-- Calls by a root user
-- Every call that the root user of an account made itself, without sessions of sts:AssumeRoot.
select
  eventtime,
  useridentity_accountid,
  eventsource,
  eventname,
  errorcode,
  sourceipaddress,
  useragent,
  useridentity_sessioncontext_attributes_mfaauthenticated as mfa,
  eventid
from cloudtrail
where useridentity_type = 'Root'
  and useridentity_invokedby is null
  and useridentity_sessioncontext_assumedroot is null
  and eventtype <> 'AwsServiceEvent'
order by eventtime desc
limit 1000
