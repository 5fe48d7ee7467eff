-- unreadable-bodies.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  endpointname,
  variantname,
  input_body_state,
  output_body_state,
  dialect,
  COUNT(*) AS invocations,
  ARBITRARY(capturedata_endpointinput_observedcontenttype) AS content_type,
  MAX(eventmetadata_inferencetime) AS last_time
FROM sagemaker_invocation
GROUP BY
  1,
  2,
  3,
  4,
  5
ORDER BY
  invocations DESC
