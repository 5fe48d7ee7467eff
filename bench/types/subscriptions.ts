import { gzipSync } from 'node:zlib'
import type { Random } from '../../samples/random.ts'
import type { MadeFile } from './made.ts'
import { ACCOUNTS, hourPath, iso, prose } from './words.ts'

/** What Session Manager streams to CloudWatch Logs, as Firehose delivers it: shells, prompts, colours, mistyped words. */
export function sessionFile(random: Random, at: number): MadeFile {
  return firehose(random, 'session-logs', at, (account) => {
    const session = `${random.pick(['alice', 'bob', 'carol'])}-0${random.hex(16)}`
    const instance = `i-0${random.hex(16)}`
    return {
      logGroup: '/aws/ssm/sessionlogs',
      logStream: session,
      messages: Array.from({ length: random.between(4, 30) }, (_, index) =>
        JSON.stringify({
          eventVersion: '1.0',
          eventTime: iso(at + index),
          awsRegion: 'us-east-1',
          target: { id: instance },
          userIdentity: { arn: `arn:aws:sts::${account}:assumed-role/Admin/alice` },
          runAsUser: 'ssm-user',
          sessionId: session,
          sessionData: Array.from({ length: random.between(2, 14) }, () => shellLine(random)),
        }),
      ),
    }
  })
}

/** A line as a terminal shows it. */
function shellLine(random: Random): string {
  const kind = random.below(10)
  if (kind < 2) return `[ssm-user@ip-10-0-0-12 ~]$ ${prose(random, 40)}`
  if (kind === 2)
    return `\u001b[0m\u001b[01;34m${prose(random, 12)}\u001b[0m  \u001b[01;32m${prose(random, 12)}\u001b[0m`
  if (kind === 3) return `[ssm-user@ip-10-0-0-12 ~]$ sl\b \b\b \bls -la /var/log\r`
  return `-rw-r--r-- 1 root root ${random.below(1e6)} Jan  7 22:${random.between(10, 59)} ${prose(random, 24)}`
}

/** What containers of endpoints and training jobs print. */
export function logFile(random: Random, at: number): MadeFile {
  return firehose(random, 'application-logs', at, () => ({
    logGroup: `/aws/sagemaker/Endpoints/${random.pick(['llm-chat', 'churn-score'])}`,
    logStream: `AllTraffic/i-0${random.hex(16)}`,
    messages: Array.from({ length: random.between(20, 120) }, () => logLine(random, at)),
  }))
}

function logLine(random: Random, at: number): string {
  const kind = random.below(20)
  if (kind === 0)
    return `Traceback (most recent call last):\n  File "/opt/serve.py", line ${random.below(400)}\n${prose(random, 200)}`
  if (kind < 8)
    return JSON.stringify({ level: 'INFO', ts: iso(at), msg: prose(random, 90), ms: random.below(900) })
  return `${iso(at)} INFO  [worker-${random.below(8)}] ${prose(random, random.between(40, 200))}`
}

interface Stream {
  logGroup: string
  logStream: string
  messages: string[]
}

/** An object of many gzip members, one document each. */
function firehose(
  random: Random,
  stream: string,
  at: number,
  streamOf: (account: string) => Stream,
): MadeFile {
  const members: Buffer[] = []
  let expanded = 0
  while (expanded < 1 << 20) {
    const account = random.pick(ACCOUNTS)
    const { messages, ...names } = streamOf(account)
    const document = JSON.stringify({
      messageType: 'DATA_MESSAGE',
      owner: account,
      ...names,
      subscriptionFilters: ['to-firehose'],
      logEvents: messages.map((message, index) => ({
        id: `3${random.text('0123456789', 55)}`,
        timestamp: (at + index) * 1000 + random.below(1000),
        message,
      })),
    })
    expanded += Buffer.byteLength(document)
    members.push(gzipSync(document))
  }
  const name = `${stream}-3-${iso(at).slice(0, 19).replaceAll(/[:T]/g, '-')}-${random.uuid()}`
  return { key: `${stream}/${hourPath(at)}/${name}`, bytes: Buffer.concat(members), expanded }
}
