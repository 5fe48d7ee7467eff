-- The sessions as the last turn left them, in the columns that tell which of them a new row is about.
create or replace temp table known_session as
select
  id, eventid, f_sessionid, started, ended, from_time, until_time, lake_day,
  useridentity_accesskeyid, useridentity_sessioncontext_sourceidentity
from {{rows}}
qualify version = max(version) over (partition by id)
