-- The ledger, with the outcome of rejects that were read again.
select ledger.* replace (
  case
    when records_stored + stored + records_repeated + repeated > 0 then 'stored'
    when records_rejected + rejected = 0 then 'skipped'
    else outcome
  end as outcome,
  case when replayed.lake_object is not null and records_rejected + rejected = 0 then null else reason end as reason,
  case
    when logtypes is null or list_has_all(string_split(coalesce(logtype, ''), ', '), string_split(logtypes, ', ')) then logtype
    else concat_ws(', ', logtype, array_to_string(list_filter(
      string_split(logtypes, ', '), name -> not list_contains(string_split(coalesce(ledger.logtype, ''), ', '), name)
    ), ', '))
  end as logtype,
  records_read + coalesce(read, 0) as records_read,
  records_stored + coalesce(stored, 0) as records_stored,
  records_repeated + coalesce(repeated, 0) as records_repeated,
  records_skipped + coalesce(skipped, 0) as records_skipped,
  records_rejected + coalesce(rejected, 0) as records_rejected,
  case when replayed.lake_object is null then records_conflicting else coalesce(records_conflicting, 0) + conflicting end
    as records_conflicting,
  greatest(0, records_unknown + coalesce(unknown, 0)) as records_unknown,
  least(ledger.first_time, replayed.first_time::timestamptz) as first_time,
  greatest(ledger.last_time, replayed.last_time::timestamptz) as last_time
)
from {{ledger}} as ledger
left join replayed on replayed.lake_object = ledger.lake_object and replayed.version = ledger.version
