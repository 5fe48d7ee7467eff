-- asked-in-loglake.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  time,
  asked_by AS who,
  role,
  question,
  mode,
  model,
  ended,
  statements,
  claims,
  struck_out,
  input_tokens,
  output_tokens,
  usd,
  run
FROM agent_run
WHERE
  CAST($who AS VARCHAR) IS NULL OR LOWER(asked_by) = LOWER(CAST($who AS VARCHAR))
ORDER BY
  time DESC
