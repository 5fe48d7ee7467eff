import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { isCloudTrailLog } from '../../envelopes/digest.ts'
import { firstMemberEnd } from '../../envelopes/members.ts'
import type { OpenedFacts } from '../../ledger/contract.ts'

const MAGIC = Buffer.from([0x1f, 0x8b, 0x08])
/**
 * 128 bytes: a gzip member without content is shorter. Only behind such members can the last one's checksum
 * match all the content.
 */
const EMPTY_MEMBER = 128

/**
 * The SHA-256 of an unzipped log file, which CloudTrail's digest files list. Undefined for other objects,
 * since it costs a pass over the bytes.
 *
 * @param wrapper the wrapper that was taken off; CloudTrail writes its log files only in `gzip`
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

/**
 * Number of bytes after the first member. The last eight bytes nearly always show that there is only one (RFC
 * 1952).
 */
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
