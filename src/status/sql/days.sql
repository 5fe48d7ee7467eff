-- Files by place and day of delivery, with the hours in their names.
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
  part.place as place, part.account as account, part.service as service, part.region as region,
  lake_day::varchar as day,
  count(*) as files,
  list_sort(list_distinct(list(try_cast(coalesce(nullif(part.folder_hour, ''), nullif(name_hour, '')) as integer)))) as hours
from object
where part.account <> ''
group by all
order by all
