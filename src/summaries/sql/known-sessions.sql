-- The sessions after the last turn, with the columns that show which of them a new row belongs to.
create or replace temp table known_session as
select
  id, eventid, f_sessionid, started, ended, from_time, until_time, lake_day,
  useridentity_accesskeyid, useridentity_sessioncontext_sourceidentity
from {{rows}}
qualify version = max(version) over (partition by id)
