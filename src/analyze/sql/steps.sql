-- The steps of analyses, in order: of one, or of all.
select
  run, seq, kind, strftime(time at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') as time,
  lake_version, job, {{detail}} as detail
from analysis
where {{which}}
order by run, seq
