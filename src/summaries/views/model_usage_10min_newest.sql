-- Model calls by ten minutes, from their stored summaries
-- One row per ten minutes, model, caller and outcome: the newest version of the rows of each ten minutes in
-- `model_usage_10min`. It lags behind the logs by as much as the follower `summaries` does.
select * exclude (gone)
from model_usage_10min
qualify version = max(version) over (partition by time) and not gone
