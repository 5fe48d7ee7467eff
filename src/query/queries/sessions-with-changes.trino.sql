-- sessions-with-changes.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  session.started,
  session.who,
  session.acting_as,
  session.instance,
  call.phase,
  call.eventtime,
  CONCAT(
    CAST(SPLIT_PART(call.eventsource, '.', 1) AS VARCHAR),
    CAST(':' AS VARCHAR),
    CAST(call.eventname AS VARCHAR)
  ) AS action,
  call.errorcode,
  call.requestparameters,
  session.f_sessionid,
  call.eventid
FROM session
JOIN session_api_call AS call
  ON call.session_eventid = session.eventid
WHERE
  call.readonly = FALSE
ORDER BY
  session.started DESC,
  call.eventtime
