import type { Envelope } from './contract.ts'
import { documents, members, OPEN_OBJECT, skipSpace } from './json.ts'

/** CloudTrail's hourly digest: the hashes of the log files that were delivered, no events. */
export const digest: Envelope = {
  name: 'digest',
  doc: 'A CloudTrail digest file: recognised, and skipped, since it holds no events.',
  open(bytes) {
    const start = skipSpace(bytes, 0)
    // A digest is told by its first fields; only then is the whole read.
    const head = Buffer.from(bytes.subarray(start, start + 4096)).toString('latin1')
    if (bytes[start] !== OPEN_OBJECT || !head.includes('"digestS3Object"')) return undefined
    const { spans, stop } = documents(bytes)
    if (spans.length !== 1 || stop < bytes.length) return undefined
    const keys = new Set(members(bytes, start)?.map(({ key }) => key))
    if (!keys.has('digestS3Object') || !keys.has('logFiles')) return undefined
    return { kind: 'skipped', reason: 'CloudTrail digest: hashes of log files, no events' }
  },
}
