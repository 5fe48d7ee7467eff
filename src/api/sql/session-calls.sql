-- API calls with the same access key or source identity around a session, as in the view `session_api_call`.
select
  eventid,
  strftime(eventtime, '%Y-%m-%dT%H:%M:%S.%gZ') as eventtime,
  case
    when cloudtrail.eventtime < $started::timestamptz then 'before'
    when cloudtrail.eventtime > $ended::timestamptz then 'after'
    else 'during'
  end as phase,
  case
    when useridentity_accesskeyid = $key::varchar and useridentity_sessioncontext_sourceidentity = $identity::varchar then 'both'
    when useridentity_accesskeyid = $key::varchar then 'access key'
    else 'source identity'
  end as same,
  eventsource,
  eventname,
  errorcode,
  readonly,
  awsregion,
  sourceipaddress,
  useragent,
  left(requestparameters, 4000) as requestparameters
from cloudtrail
where eventtime >= $started::timestamptz - interval 15 minutes
  and eventtime <= $ended::timestamptz + interval 15 minutes
  and (useridentity_accesskeyid = $key::varchar or useridentity_sessioncontext_sourceidentity = $identity::varchar)
  and eventid <> $id::varchar
  and (f_sessionid is distinct from $f_sessionid::varchar or f_sessionid is null)
order by cloudtrail.eventtime, eventid
limit $max::bigint
