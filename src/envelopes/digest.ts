import { documents, members, OPEN_OBJECT, skipSpace } from '../json/bytes.ts'
import type { Envelope } from './contract.ts'

/** CloudTrail's hourly digest: the hashes of the log files that were delivered, no events. */
export const digest: Envelope = {
  name: 'digest',
  doc: 'A CloudTrail digest file: recognised, and skipped, since it holds no events.',
  open(bytes) {
    const start = skipSpace(bytes, 0)
    // The first fields identify a digest; only then is the whole file parsed.
    const head = Buffer.from(bytes.subarray(start, start + 4096)).toString('latin1')
    if (bytes[start] !== OPEN_OBJECT || !head.includes('"digestS3Object"')) return undefined
    const { spans, stop } = documents(bytes)
    if (!spans.atLeast(1) || spans.atLeast(2) || stop < bytes.length) return undefined
    const keys = new Set(members(bytes, start)?.map(({ key }) => key))
    if (!keys.has('digestS3Object') || !keys.has('logFiles')) return undefined
    return { kind: 'skipped', reason: 'CloudTrail digest: hashes of log files, no events' }
  },
}

/**
 * Whether an object is a log file that CloudTrail's digests list: `…AWSLogs/<account>/CloudTrail/…`, or its
 * siblings such as insights. A digest itself is not one.
 */
export function isCloudTrailLog(uri: string): boolean {
  return /(?:^|\/)AWSLogs\/(?:o-[a-z0-9]+\/)?\d{12}\/CloudTrail(?!-Digest\/)(?:-[A-Za-z]+)?\//.test(uri)
}
