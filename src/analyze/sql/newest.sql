-- The time of the newest event.
select strftime(max(eventtime) at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as newest from cloudtrail
