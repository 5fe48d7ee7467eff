-- The events of a selection that are not our own, as the parts of a WITH: `calls` is their condition, `own` tells our own.
-- Roles that many sessions work in, each under another name, are one principal: `* via SupportAgentRole`. People stay people.
every as (
  select
    eventid,
    eventtime,
    coalesce(recipientaccountid, useridentity_accountid, '') as account,
    coalesce(awsregion, '') as region,
    coalesce(eventsource, '') as service,
    coalesce(eventname, '') as call,
    coalesce(actor, 'unknown') as actor,
    case when contains(actor, ' via ') and not contains(split_part(actor, ' via ', 1), '@') then split_part(actor, ' via ', 2) end as role,
    errorcode,
    coalesce(readonly, regexp_matches(eventname, '^(Get|List|Describe|Head|Lookup|Search|BatchGet|Select|Query|Scan)')) as readonly,
    coalesce(
      errorcode in ('AccessDenied', 'AccessDeniedException', 'VpceAccessDenied', 'UnauthorizedOperation', 'Client.UnauthorizedOperation', 'Forbidden', 'NotAuthorized', 'UnauthorizedException')
      or errorcode like '%.UnauthorizedOperation'
      or errorcode like '%.AccessDenied',
      false
    ) as denied,
    sourceipaddress as address,
    useragent as agent,
    requestparameters as parameters,
    errormessage,
    eventtime >= {{since}}::timestamptz as fresh,
    date_trunc('hour', eventtime) as hour
  from cloudtrail
  where {{calls}}
    and ({{own}}) is null
),
many as (select role from every where role is not null group by role having count(distinct actor) > 8),
call as materialized (
  select every.*, case when role in (select role from many) then '* via ' || role else actor end as principal
  from every
)
