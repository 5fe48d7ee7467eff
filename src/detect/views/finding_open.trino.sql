-- finding_open.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  *
FROM finding_state
WHERE
  state <> 'closed' AND NOT hidden
