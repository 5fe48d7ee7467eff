-- Rows of CloudTrail in the form of the summary, each with a count of one.
(select *, eventtime as time, 1 as events from cloudtrail)
