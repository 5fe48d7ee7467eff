-- The rows of a session, each as JSON.
with session as (
  select * from session_summary_newest where id = $id::varchar
),
trail as (
  select cloudtrail.* exclude (lake_ingested_at)
  from cloudtrail, session
  where cloudtrail.eventtime >= coalesce(session.started, session.from_time) - interval 15 minutes
    and cloudtrail.eventtime <= coalesce(session.ended, session.started, session.until_time) + interval 15 minutes
    and (
      cloudtrail.eventid = session.eventid
      or cloudtrail.f_sessionid = session.f_sessionid
      or cloudtrail.useridentity_accesskeyid = session.useridentity_accesskeyid
      or cloudtrail.useridentity_sessioncontext_sourceidentity = session.useridentity_sessioncontext_sourceidentity
    )
),
shown_row as (
  select session_log.* exclude (lake_ingested_at)
  from session_log, session
  where session_log.f_sessionid = session.f_sessionid
    and session_log.eventtime >= session.from_time
    and session_log.eventtime <= session.until_time
)
select "table", id, object, json
from (
  select 'cloudtrail' as "table", eventid as id, lake_object as object, to_json(trail)::varchar as json from trail
  union all
  select 'session_log', id, lake_object, to_json(shown_row)::varchar from shown_row
)
order by "table", id, json
