-- What each principal did in each hour of the new rows (`baselines_calls`): parts of the sums in `baseline_hour`.
create or replace temp table baselines_hours as
select account, who, hour, sum(calls)::bigint as calls, sum(errors)::bigint as errors, sum(denied)::bigint as denied
from baselines_calls
group by all
