-- New access keys
-- Long-lived keys that were created, for whom and by whom, and whether the key has been used since.
select
  made.eventtime,
  made.useridentity_arn as created_by,
  coalesce(
    json_extract_string(made.responseelements, '$.accessKey.userName'),
    json_extract_string(made.requestparameters, '$.userName')
  ) as key_of,
  json_extract_string(made.responseelements, '$.accessKey.accessKeyId') as accesskeyid,
  made.errorcode,
  made.sourceipaddress,
  used.calls,
  used.first_time as first_used,
  made.eventid
from cloudtrail as made
left join (
  select useridentity_accesskeyid, count(*) as calls, min(eventtime) as first_time
  from cloudtrail
  where useridentity_accesskeyid like 'AKIA%'
  group by 1
) as used
  on used.useridentity_accesskeyid = json_extract_string(made.responseelements, '$.accessKey.accessKeyId')
where made.eventname = 'CreateAccessKey' and made.eventsource = 'iam.amazonaws.com'
order by made.eventtime desc
limit 1000
