-- Sessions that show nothing
-- Opened sessions of which there is no output: a forwarded port (see `document`), a machine that logs
-- nothing, or a log that is missing.
select started, ended, minutes, who, acting_as, instance, document, recipientaccountid, awsregion, api_calls, f_sessionid, eventid
from session
where outcome = 'opened' and output_events = 0
order by started desc
limit 1000
