-- Runs of agents, from their stored summaries
-- One row per run, as the view `conversation` puts calls together: the newest version of each row of
-- `conversation_summary`. It lags behind the logs by as much as the follower `summaries` does.
select * exclude (gone)
from conversation_summary
qualify version = max(version) over (partition by conversation) and not gone
