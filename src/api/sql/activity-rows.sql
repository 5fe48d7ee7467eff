-- One page of API calls in a stretch of time, newest first.
select
  eventid,
  strftime(eventtime, '%Y-%m-%dT%H:%M:%S.%gZ') as eventtime,
  actor,
  actor_kind,
  eventsource,
  eventname,
  errorcode,
  errormessage,
  readonly,
  awsregion,
  recipientaccountid,
  sourceipaddress,
  useragent,
  useridentity_arn,
  useridentity_accesskeyid,
  left(requestparameters, 1000) as requestparameters,
  length(requestparameters) as requestparameters_length,
  {{more}}
  epoch_us(eventtime)::varchar as at_us
from cloudtrail
where eventtime >= $since::timestamptz
  and eventtime < $until::timestamptz
  and ($cursor_us::bigint is null or eventtime <= make_timestamptz($cursor_us::bigint))
  and ($cursor_us::bigint is null or eventtime < make_timestamptz($cursor_us::bigint) or eventid < $cursor_id::varchar)
  and {{where}}
order by cloudtrail.eventtime desc, eventid desc
limit $max::bigint
