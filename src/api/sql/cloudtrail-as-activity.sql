-- Rows of CloudTrail as the summary counts them, one each.
(select *, eventtime as time, 1 as events from cloudtrail)
