-- Conflicting rows as rejects of their objects: complete, and equal each time that the object is read.
insert into reject_entry by name
select
  left(sha256(concat_ws(chr(10), lake_object, object_version, 'conflict', whole, nth)), 16) as id,
  'conflict' as code,
  'the row of ' || against || ' has its id and time, and another ' || differs as reason,
  encode(whole) as bytes, octet_length(encode(whole)) as size, sha256(whole) as sha256, 1 as records,
  object_version, lake_object, lake_day
from (
  select
    conflict.*, ledger_entry.version as object_version, ledger_entry.lake_day,
    row_number() over (partition by lake_object, whole order by against) as nth
  from conflict
  join ledger_entry using (lake_object)
)
where id not in (select unnest({{known}}::varchar[]))
