-- Files by account, Region and day of delivery, according to their names.
with object as (
  select
    lake_day,
    regexp_extract(
      lake_object,
      '^(.*?)AWSLogs/(?:o-[a-z0-9]{10,32}/)?(\d{12})/([^/]+)/([a-z]{2,}(?:-[a-z]+)+-\d+)/\d{4}/\d{2}/\d{2}/(?:(\d{2})/)?',
      ['place', 'account', 'service', 'region', 'folder_hour']
    ) as part,
    regexp_extract(lake_object, '_\d{8}T(\d{2})\d{2,4}Z', 1) as name_hour
  from ledger
  where lake_day > (select max(lake_day) from ledger) - $days::integer and outcome <> 'left-out'
)
select
  part.account as account,
  part.region as region,
  part.service as service,
  part.place as place,
  lake_day::varchar as day,
  count(*) as files,
  count(distinct coalesce(nullif(part.folder_hour, ''), nullif(name_hour, ''))) as hours
from object
where part.account <> ''
group by all
order by account, region, service, day
