-- Versions of an object that may have rows, the newest first: the number of rows removed from each.
create or replace temp table erased_version as
select lake_object, version, least(left_over, greatest(0, gone - coalesce(sum(left_over) over before, 0)))::bigint as gone
from (
  select lake_object, version, lake_ingested_at, gone, greatest(0, records_stored - coalesce(records_erased, 0)) as left_over
  from {{ledger}} join (select lake_object, sum(gone)::bigint as gone from erased group by all) using (lake_object)
)
window before as (
  partition by lake_object order by lake_ingested_at desc, version rows between unbounded preceding and 1 preceding
)
