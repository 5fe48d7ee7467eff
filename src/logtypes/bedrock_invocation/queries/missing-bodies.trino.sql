-- missing-bodies.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  accountid,
  region,
  model,
  input_body_state,
  output_body_state,
  COUNT(*) AS calls,
  COUNT(errorcode) AS failed,
  MAX("timestamp") AS last_time,
  MAX_BY(requestid, "timestamp") AS last_requestid
FROM bedrock_invocation
WHERE
  input_body_state IN ('missing', 'not logged', 'binary')
  OR output_body_state IN ('missing', 'not logged', 'binary')
GROUP BY
  accountid,
  region,
  model,
  input_body_state,
  output_body_state
ORDER BY
  calls DESC,
  model
