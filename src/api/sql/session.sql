-- One session, from the summary.
select
  * exclude (started, ended, output_from, output_until, from_time, until_time, lake_day, lake_ingested_at, version),
  regexp_replace(acting_as, '^AWSReservedSSO_(.*)_[0-9a-f]{16}$', '\1') as role_name,
  strftime(coalesce(started, output_from), '%Y-%m-%dT%H:%M:%S.%gZ') as begun,
  strftime(ended, '%Y-%m-%dT%H:%M:%S.%gZ') as ended,
  strftime(started, '%Y-%m-%dT%H:%M:%S.%fZ') as started,
  strftime(output_from, '%Y-%m-%dT%H:%M:%S.%gZ') as output_from,
  strftime(output_until, '%Y-%m-%dT%H:%M:%S.%gZ') as output_until,
  strftime(from_time, '%Y-%m-%dT%H:%M:%S.%fZ') as from_time,
  strftime(until_time, '%Y-%m-%dT%H:%M:%S.%fZ') as until_time
from session_summary_newest
where id = $id::varchar or f_sessionid = $id::varchar or sessionid = $id::varchar
order by id = $id::varchar desc
limit 1
