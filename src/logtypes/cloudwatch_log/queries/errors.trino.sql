-- errors.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  "timestamp",
  loggroup,
  logstream,
  message,
  id
FROM cloudwatch_log
WHERE
  loggroup LIKE '/aws/sagemaker/%'
  AND REGEXP_LIKE(message, '(?i)\b(error|exception|traceback|fatal|out of memory)\b')
ORDER BY
  "timestamp" DESC
