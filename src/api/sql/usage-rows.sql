-- Model use in the span. Teams of the people file are put in place of the nulls by `usage-team-rows.sql`.
select
  * replace (nullif(named_team, '') as named_team),
  service = 'bedrock' and told_by <> 'cloudtrail' and named_team is null as before_teams,
  time::date::varchar as day,
  null::varchar as team
from model_usage_10min_newest
where time >= $since::timestamptz and time < $until::timestamptz
