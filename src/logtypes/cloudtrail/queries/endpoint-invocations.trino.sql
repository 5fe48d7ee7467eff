-- endpoint-invocations.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  LOWER(
    COALESCE(
      NULLIF(
        COALESCE(
          REGEXP_EXTRACT(JSON_EXTRACT_SCALAR(resources, '$[0].ARN'), 'endpoint/(.+)$', 1),
          IF(NOT JSON_EXTRACT_SCALAR(resources, '$[0].ARN') IS NULL, '')
        ),
        ''
      ),
      JSON_EXTRACT_SCALAR(requestparameters, '$.endpointName')
    )
  ) AS endpointname,
  actor_kind,
  actor,
  useridentity_inscopeof_credentialsissuedto AS on_behalf_of,
  eventname,
  COUNT(*) AS invocations,
  COUNT(*) FILTER(WHERE
    NOT errorcode IS NULL) AS failed,
  MIN(eventtime) AS first_time,
  MAX(eventtime) AS last_time,
  MAX_BY(eventid, eventtime) AS last_eventid
FROM cloudtrail
WHERE
  eventsource = 'sagemaker.amazonaws.com'
  AND eventname IN ('InvokeEndpoint', 'InvokeEndpointAsync', 'InvokeEndpointWithResponseStream')
GROUP BY
  1,
  2,
  3,
  4,
  5
ORDER BY
  invocations DESC
