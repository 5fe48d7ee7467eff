-- agent-runs.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  conversation,
  MIN(started) AS started,
  DATE_DIFF('SECOND', DATE_TRUNC('SECOND', MIN(time)), DATE_TRUNC('SECOND', MAX(time))) AS seconds,
  ARBITRARY(who) AS who,
  ARBITRARY(role) AS role,
  COUNT(*) AS calls,
  ARRAY_JOIN(
    ARRAY_AGG(NULLIF(tools_called, '') ORDER BY call) FILTER(WHERE
      NOT NULLIF(tools_called, '') IS NULL),
    ', '
  ) AS tools,
  CAST(SUM(input_tokens) AS BIGINT) AS input_tokens,
  CAST(SUM(output_tokens) AS BIGINT) AS output_tokens,
  COUNT(errorcode) AS failed,
  SUBSTR(MIN_BY(prompt, call), 1, 100) AS asked
FROM conversation
GROUP BY
  conversation
HAVING
  MIN(started) >= COALESCE(CAST($since AS DATE), CAST('1970-01-01' AS DATE))
ORDER BY
  calls DESC,
  started DESC
