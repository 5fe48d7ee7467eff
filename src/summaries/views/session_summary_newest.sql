-- Sessions of Session Manager, from their stored summaries
-- One row per session, as in the view `session`: the newest version of each row of `session_summary`. It lags
-- behind the logs by as much as the follower `summaries` does.
select * exclude (gone)
from session_summary
qualify version = max(version) over (partition by id) and not gone
