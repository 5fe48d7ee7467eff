-- CloudTrail under the names of the Log Lake article
-- One row per API call or service event: the table `cloudtrail`, with the day as the article's queries
-- compare it.
-- logcalendarday: UTC date of the event as a number, 20260107; `lake_day` prunes files, this does not.
select
  *,
  (year(lake_day) * 10000 + month(lake_day) * 100 + day(lake_day))::integer as logcalendarday
from cloudtrail
