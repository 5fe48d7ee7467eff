-- The ledger with the counts of removed rows.
select own.* replace (
  case when gone is null then records_erased else coalesce(records_erased, 0) + gone end as records_erased
)
from {{ledger}} as own left join erased_version as went on went.lake_object = own.lake_object and went.version = own.version
