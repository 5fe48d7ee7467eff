-- Those rows of evidence that the reader may see.
select eventid as id from cloudtrail
where eventtime >= $since::timestamptz and eventtime <= $until::timestamptz
  and eventid in (select unnest(from_json($ids::json, '["varchar"]')))
union all
select id from session_log
where eventtime >= $since::timestamptz and eventtime <= $until::timestamptz
  and id in (select unnest(from_json($ids::json, '["varchar"]')))
