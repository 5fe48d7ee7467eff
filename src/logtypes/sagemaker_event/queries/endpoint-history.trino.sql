-- endpoint-history.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  resourcename AS endpointname,
  "time",
  detail_type,
  status,
  LAG(status) OVER endpoint AS before,
  LEAD("time") OVER endpoint - "time" AS lasted,
  endpointconfigname,
  failurereason,
  id
FROM sagemaker_event
WHERE
  resourcetype = 'Endpoint'
WINDOW endpoint AS (PARTITION BY account, region, LOWER(resourcearn) ORDER BY "time")
ORDER BY
  endpointname,
  "time"
