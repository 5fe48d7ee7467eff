-- Each principal's counts by hour in the new rows (`baselines_calls`): partial sums for `baseline_hour`.
create or replace temp table baselines_hours as
select account, who, hour, sum(calls)::bigint as calls, sum(errors)::bigint as errors, sum(denied)::bigint as denied
from baselines_calls
group by all
