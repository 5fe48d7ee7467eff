-- The rows of model use behind the page Usage, with the same conditions.
select * exclude (before_teams, day)
from (
  {{rows}}
) as used
where {{where}}
order by time
