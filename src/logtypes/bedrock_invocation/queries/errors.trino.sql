-- errors.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  model,
  identity_arn,
  errorcode,
  COUNT(*) AS failed,
  ARBITRARY(all_calls) AS all_calls,
  ROUND(CAST(COUNT(*) AS DOUBLE) / NULLIF(ARBITRARY(all_calls), 0), 3) AS share,
  MIN("timestamp") AS first_time,
  MAX("timestamp") AS last_time,
  MAX_BY(requestid, "timestamp") AS last_requestid
FROM (
  SELECT
    *,
    COUNT(*) OVER (PARTITION BY model, identity_arn) AS all_calls
  FROM bedrock_invocation
)
WHERE
  NOT errorcode IS NULL
GROUP BY
  model,
  identity_arn,
  errorcode
ORDER BY
  failed DESC,
  last_time DESC
