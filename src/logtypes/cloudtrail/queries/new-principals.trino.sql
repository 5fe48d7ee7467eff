-- new-principals.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  MIN(eventtime) AS first_time,
  actor_kind,
  actor,
  recipientaccountid,
  MIN_BY(eventname, eventtime) AS first_call,
  MIN_BY(sourceipaddress, eventtime) AS first_address,
  COUNT(*) AS calls,
  COUNT(*) FILTER(WHERE
    NOT errorcode IS NULL) AS failed,
  COUNT(DISTINCT awsregion) AS regions,
  MIN_BY(eventid, eventtime) AS first_eventid
FROM cloudtrail
WHERE
  eventsource IN (
    'sagemaker.amazonaws.com',
    'bedrock.amazonaws.com',
    'bedrock-agent.amazonaws.com',
    'bedrock-mantle.amazonaws.com'
  )
  AND actor_kind <> 'AWS service'
GROUP BY
  actor_kind,
  actor,
  recipientaccountid
ORDER BY
  first_time DESC
