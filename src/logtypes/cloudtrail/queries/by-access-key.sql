-- What an access key did
-- Every call that was signed with an access key, from its first to its last, and the roles that it became.
-- key: The access key's id, as in AKIAIOSFODNN7EXAMPLE; the one with most failed calls by default.
select
  eventtime,
  split_part(eventsource, '.', 1) || ':' || eventname as action,
  errorcode,
  awsregion,
  recipientaccountid,
  sourceipaddress,
  useragent,
  coalesce(useridentity_sessioncontext_sourceidentity, useridentity_arn, useridentity_principalid) as who,
  readonly,
  requestparameters,
  json_extract_string(responseelements, '$.credentials.accessKeyId') as became,
  useridentity_accesskeyid,
  eventid
from cloudtrail
where useridentity_accesskeyid = coalesce(
  trim($key::varchar),
  (
    select useridentity_accesskeyid
    from cloudtrail
    where useridentity_accesskeyid is not null
    group by all
    order by count(errorcode) desc, count(*) desc, useridentity_accesskeyid
    limit 1
  )
)
order by eventtime, eventid
limit 1000
