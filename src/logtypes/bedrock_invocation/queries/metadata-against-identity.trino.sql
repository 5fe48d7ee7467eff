-- metadata-against-identity.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  identity_arn,
  said.key AS field,
  COUNT(DISTINCT said.value) AS different,
  SLICE(ARRAY_AGG(DISTINCT JSON_EXTRACT_SCALAR(said.value, '$')), 1, 10) AS said_values,
  COUNT(*) AS calls,
  MIN("timestamp") AS first_time,
  MAX("timestamp") AS last_time
FROM bedrock_invocation, UNNEST(CAST(JSON_PARSE(requestmetadata) AS MAP(VARCHAR, JSON))) AS said(key, value)
WHERE
  NOT requestmetadata IS NULL
GROUP BY
  identity_arn,
  2
ORDER BY
  different DESC,
  calls DESC,
  identity_arn,
  field
