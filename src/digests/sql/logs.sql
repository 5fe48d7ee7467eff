-- Log files by day, account, Region and state.
select day, account, region, state, count(*) as files from digest_log group by all
union all
select day, account, region, state, count(*) as files from digest_unnamed group by all
order by all
