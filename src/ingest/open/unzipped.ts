import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { isCloudTrailLog } from '../../envelopes/digest.ts'
import { firstMemberEnd } from '../../envelopes/members.ts'
import type { OpenedFacts } from '../../ledger/contract.ts'

const MAGIC = Buffer.from([0x1f, 0x8b, 0x08])
/** A member without content ends before that: only behind one can the last member be all there is. */
const EMPTY_MEMBER = 128

/**
 * What CloudTrail's digests are held against: SHA-256 of a log file once it is unzipped. Undefined for every other object: it costs
 * a pass over the bytes.
 *
 * @param wrapper what was taken off, as in `gzip`; whatever else a log file came in, CloudTrail did not write it so
 */
export function unzippedOf(
  uri: string,
  delivered: Uint8Array,
  expanded: { bytes: Uint8Array; wrapper: string },
): OpenedFacts['unzipped'] {
  if (!isCloudTrailLog(uri)) return undefined
  const sha256 = createHash('sha256').update(expanded.bytes).digest('hex')
  return expanded.wrapper === 'gzip' ? { sha256, trailing: trailing(delivered, expanded.bytes) } : { sha256 }
}

/** How many bytes follow the first member. That there is one only, its last eight bytes nearly always tell (RFC 1952). */
function trailing(zipped: Uint8Array, bytes: Uint8Array): number {
  const view = new DataView(zipped.buffer, zipped.byteOffset, zipped.length)
  const at = zipped.length - 8
  const isWhole =
    at > 0 &&
    view.getUint32(at + 4, true) === bytes.length % 2 ** 32 &&
    view.getUint32(at, true) === crc32(bytes) &&
    Buffer.from(zipped.buffer, zipped.byteOffset, Math.min(EMPTY_MEMBER, zipped.length)).indexOf(MAGIC, 1) < 0
  return isWhole ? 0 : zipped.length - firstMemberEnd(zipped)
}
