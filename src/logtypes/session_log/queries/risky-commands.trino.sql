-- risky-commands.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  eventtime,
  sessionid,
  useridentity_arn AS who,
  target_id AS machine,
  TRIM(line) AS line,
  id
FROM (
  SELECT
    eventtime,
    sessionid,
    useridentity_arn,
    target_id,
    id,
    line
  FROM session_log
  CROSS JOIN UNNEST(SPLIT(text, CHR(  10))) AS items(line)
)
WHERE
  REGEXP_LIKE(line, '^.{0,100}[$#>] ')
  AND REGEXP_LIKE(
    line,
    CONCAT(
      CAST('(?i)\b(sudo|su -|chmod [0-7]*7|chown|useradd|usermod|visudo|passwd|setenforce|iptables -F|rm -[a-z]*[rf]|shred|dd if=|' AS VARCHAR),
      CAST('history -[cw]|unset HISTFILE|journalctl --vacuum|base64 -d|nc -|mkfifo|curl .*\| *(ba)?sh|wget .*\| *(ba)?sh|' AS VARCHAR),
      CAST('aws (iam|sts|secretsmanager|ssm get-parameter)|authorized_keys|Invoke-Expression|iex|Set-ExecutionPolicy)\b' AS VARCHAR)
    )
  )
ORDER BY
  eventtime DESC,
  id
