-- region-violations.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
WITH usage AS (
  SELECT
    recipientaccountid,
    awsregion,
    CAST(COUNT(*) AS DOUBLE) / NULLIF(SUM(COUNT(*)) OVER (PARTITION BY recipientaccountid), 0) AS share
  FROM cloudtrail
  GROUP BY
    recipientaccountid,
    awsregion
)
SELECT
  cloudtrail.eventtime,
  cloudtrail.recipientaccountid,
  cloudtrail.awsregion,
  usage.share,
  cloudtrail.actor_kind,
  cloudtrail.actor,
  cloudtrail.eventsource,
  cloudtrail.eventname,
  cloudtrail.errorcode,
  cloudtrail.sourceipaddress,
  cloudtrail.eventid
FROM cloudtrail
JOIN usage
  ON usage.recipientaccountid = cloudtrail.recipientaccountid
  AND usage.awsregion = cloudtrail.awsregion
WHERE
  usage.share < 0.01
  AND cloudtrail.eventsource IN (
    'sagemaker.amazonaws.com',
    'bedrock.amazonaws.com',
    'bedrock-agent.amazonaws.com'
  )
ORDER BY
  cloudtrail.eventtime DESC
