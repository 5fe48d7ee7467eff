import { createHash } from 'node:crypto'
import { lineEnd, textBetween } from '../json/lines.ts'
import { plainTime } from '../json/time.ts'
import type { Context, Envelope, Text } from './contract.ts'
import { deliveryOfText } from './delivery.ts'

/** An export writes `<prefix>/<task>/<log stream, its slashes as dashes>/000000.gz`. */
const KEY = /(?:^|\/)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/([^/]+)\/\d{6}(?:\.gz)?$/

/** An event begins with its time; the following lines of its message do not. */
const EVENT = /^(?:(\d{4}-\d\d-\d\dT[\d:.]+Z)|(\d{13})) /

/** Text files that a CloudWatch Logs export task writes, with each event's time before its message. */
export const exportTask: Envelope = {
  name: 'export-task',
  doc: 'CloudWatch Logs export task: lines like `2026-01-07T21:56:43.123Z <message>`.',
  open(bytes, context) {
    if (/(?:^|\/)aws-logs-write-test$/.test(context.uri)) {
      return { kind: 'skipped', reason: 'a check of CloudWatch Logs that it may write here, no log' }
    }
    const logStream = KEY.exec(context.uri)?.[1]
    if (logStream === undefined || !EVENT.test(textBetween(bytes, 0, 64))) return undefined
    return { kind: 'texts', texts: [...events(bytes, logStream, context)] }
  },
}

function* events(bytes: Uint8Array, logStream: string, context: Context): Generator<Text> {
  const seen = new Map<string, number>()
  let start = 0
  while (start < bytes.length) {
    let end = lineEnd(bytes, start)
    while (end < bytes.length && !EVENT.test(textBetween(bytes, end, end + 64))) end = lineEnd(bytes, end)
    const line = textBetween(bytes, start, end).replace(/\r?\n$/, '')
    const [head, iso, millis] = EVENT.exec(line) ?? ['']
    const timestamp = iso === undefined ? Number(millis) : Date.parse(plainTime(iso) ?? '')
    const hash = createHash('sha256').update(`${logStream}\n${line}`).digest('hex')
    // Two events may be equal; the same stream exported again has as many equal ones, so they get numbers.
    const times = seen.get(hash) ?? 0
    seen.set(hash, times + 1)
    const id = `${hash.slice(0, 40)}-${times}`
    const cloudwatch = { logStream, id, timestamp }
    yield { ...deliveryOfText(line.slice(head.length), { ...context, cloudwatch }), offset: start }
    start = end
  }
}
