-- Objects and records by day
-- Objects of each day and kind by outcome: read is the sum of stored, repeated, skipped and rejected, or
-- something is wrong.
select
  lake_day,
  coalesce(logtype, envelope, outcome) as kind,
  count(*) as objects,
  count_if(outcome = 'rejected') as objects_rejected,
  sum(records_read)::bigint as read,
  sum(records_stored)::bigint as stored,
  sum(records_repeated)::bigint as repeated,
  sum(records_skipped)::bigint as skipped,
  sum(records_rejected)::bigint as rejected,
  sum(records_read - records_stored - records_repeated - records_skipped - records_rejected)::bigint as missing
from ledger
group by all
order by lake_day desc, kind
limit 1000
