-- The newest ten minutes that have a call.
select strftime(max(time), '%Y-%m-%dT%H:%M:%SZ') as newest from activity_10min
