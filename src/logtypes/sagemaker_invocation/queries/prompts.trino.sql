-- prompts.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  eventmetadata_inferencetime,
  endpointname,
  variantname,
  modelid,
  prompt,
  completion,
  stop_reason,
  parameters,
  input_tokens,
  output_tokens,
  eventmetadata_inferenceid,
  id
FROM sagemaker_invocation
WHERE
  NOT prompt IS NULL OR NOT completion IS NULL
ORDER BY
  eventmetadata_inferencetime DESC
