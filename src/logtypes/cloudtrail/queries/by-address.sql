-- What came from an address
-- Every call from a source address, with the caller, the program and the outcome.
-- address: The address as CloudTrail has it, or its beginning with a dot or colon at the end, as in
--   198.51.100.; the one with most failed calls by default.
select
  eventtime,
  sourceipaddress,
  coalesce(useridentity_sessioncontext_sourceidentity, useridentity_arn, useridentity_principalid) as who,
  split_part(eventsource, '.', 1) || ':' || eventname as action,
  errorcode,
  awsregion,
  recipientaccountid,
  useridentity_accesskeyid,
  useragent,
  requestparameters,
  eventid
from cloudtrail, (
  select coalesce(
    trim($address::varchar),
    (
      select sourceipaddress
      from cloudtrail
      where regexp_matches(sourceipaddress, '^[0-9a-fA-F]*[.:][0-9a-fA-F.:]+$')
      group by all
      order by count(errorcode) desc, count(*) desc, sourceipaddress
      limit 1
    )
  ) as address
)
where sourceipaddress = address
  or (regexp_matches(address, '[.:]$') and starts_with(sourceipaddress, address))
order by eventtime, eventid
limit 1000
