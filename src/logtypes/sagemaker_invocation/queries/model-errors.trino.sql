-- model-errors.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  eventmetadata_inferencetime,
  endpointname,
  variantname,
  errorcode,
  errormessage,
  stop_reason,
  SUBSTR(prompt, 1, 200) AS prompt,
  id
FROM sagemaker_invocation
WHERE
  NOT errorcode IS NULL OR NOT errormessage IS NULL OR stop_reason = 'error'
ORDER BY
  eventmetadata_inferencetime DESC
