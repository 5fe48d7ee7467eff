-- from_cloudwatch_readready.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  owner AS logaccountid,
  *,
  text AS "session"
FROM session_log
