-- Risky commands on terminals
-- Lines that look like a prompt with a command that changes permissions, hides traces, downloads code or
-- deletes many files.
select eventtime, sessionid, useridentity_arn as who, target_id as machine, trim(line) as line, id
from (
  select eventtime, sessionid, useridentity_arn, target_id, id, unnest(string_split(text, chr(10))) as line
  from session_log
)
where regexp_matches(line, '^.{0,100}[$#>] ')
  and regexp_matches(
    line,
    '(?i)\b(sudo|su -|chmod [0-7]*7|chown|useradd|usermod|visudo|passwd|setenforce|iptables -F|rm -[a-z]*[rf]|shred|dd if=|'
    || 'history -[cw]|unset HISTFILE|journalctl --vacuum|base64 -d|nc -|mkfifo|curl .*\| *(ba)?sh|wget .*\| *(ba)?sh|'
    || 'aws (iam|sts|secretsmanager|ssm get-parameter)|authorized_keys|Invoke-Expression|iex|Set-ExecutionPolicy)\b'
  )
order by eventtime desc, id
limit 1000
