-- usage-per-endpoint.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  lake_day,
  endpointname,
  variantname,
  ARBITRARY(dialect) AS dialect,
  COUNT(*) AS invocations,
  SUM(input_tokens) AS input_tokens,
  SUM(output_tokens) AS output_tokens,
  COUNT(*) FILTER(WHERE
    output_tokens IS NULL) AS without_tokens,
  COUNT(*) FILTER(WHERE
    NOT errormessage IS NULL OR NOT errorcode IS NULL) AS errors,
  MIN(eventmetadata_inferencetime) AS first_time,
  MAX(eventmetadata_inferencetime) AS last_time
FROM sagemaker_invocation
WHERE
  kind = 'endpoint'
GROUP BY
  lake_day,
  endpointname,
  variantname
ORDER BY
  lake_day DESC,
  invocations DESC
