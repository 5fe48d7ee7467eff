select
  id, started, ended, minutes, outcome, errorcode, who, acting_as, actor, useridentity_arn, sourceipaddress, recipientaccountid,
  awsregion, instance, sessionid, f_sessionid, document, reason, terminated_by, resumed, runasuser, output_lines, output_events,
  output_from, output_until, api_calls, api_changes, api_errors, useridentity_accesskeyid,
  useridentity_sessioncontext_sourceidentity, eventid, lake_day
from session_summary_newest
