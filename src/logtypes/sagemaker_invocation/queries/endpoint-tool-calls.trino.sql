-- endpoint-tool-calls.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  eventmetadata_inferencetime,
  endpointname,
  modelid,
  JSON_EXTRACT_SCALAR(call, '$.name') AS tool,
  JSON_EXTRACT_SCALAR(call, '$.id') AS tool_use_id,
  JSON_FORMAT(JSON_EXTRACT(call, '$.input')) AS input,
  prompt,
  id
FROM (
  SELECT
    *
  FROM sagemaker_invocation
  CROSS JOIN UNNEST(CAST(JSON_PARSE(tool_uses) AS ARRAY(JSON))) AS items(call)
  WHERE
    NOT tool_uses IS NULL
)
WHERE
  JSON_EXTRACT_SCALAR(call, '$.seen') = 'output'
ORDER BY
  eventmetadata_inferencetime DESC
