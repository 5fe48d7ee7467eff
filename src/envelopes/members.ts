import { constants, crc32, inflateRawSync } from 'node:zlib'
import { OPEN_ARRAY, OPEN_OBJECT } from '../json/bytes.ts'
import { RECORD_SEPARATOR, skipSeparators } from '../json/separators.ts'
import { sentence, systemCode } from '../lib/errors.ts'
import type { Damage } from './contract.ts'
import { bytesText, type Layer, type Refused } from './expanded.ts'
import { informed } from './inflate.ts'

/**
 * Reads gzip member by member (RFC 1952), where the file is not entirely sound. Every byte ends up in one of:
 *
 * - a **sound member**: its checksum and its length are right. It is kept, whatever is before and after it.
 * - **padding**: zeros, white space and record separators between members, such as Firehose's delimiter.
 * - **plain JSON** before or after members: kept as it is.
 * - a **damaged member**, or bytes that are neither: refused, with its bytes. A member with a wrong
 *   checksum is not stored at all: it cannot be known which of its bytes are wrong.
 * - a **member that is cut off** at the end: its readable part is kept, and reported as cut. Its checksum
 *   is missing, so this part is only checked to be JSON.
 *
 * A record separator is put between parts that do not belong together, so that two halves never form a
 * record.
 */
export function expandMembers(bytes: Uint8Array, max: number): Layer {
  const parts: Uint8Array[] = []
  const refused: Refused[] = []
  const search = { budget: 4 * bytes.length + (16 << 20) }
  let total = 0
  let cut: Damage | undefined
  let isJoined = true
  const keep = (part: Uint8Array) => {
    total += part.length
    if (!isJoined && parts.length > 0) parts.push(Uint8Array.of(RECORD_SEPARATOR))
    isJoined = true
    parts.push(part)
  }
  for (let at = 0; ; ) {
    at = skipPadding(bytes, at)
    if (at >= bytes.length) break
    const member = isHeader(bytes, at) ? readMember(bytes, at, max - total) : undefined
    if (member?.state === 'sound') {
      keep(member.bytes)
      at = member.end
      continue
    }
    const end =
      member?.state === 'damaged' && member.end ? member.end : nextMember(bytes, at + 1, max, search)
    if (member?.state === 'cut' && end === bytes.length) {
      cut = { code: 'damaged-gzip', reason: `gzip breaks off after ${bytesText(bytes.length)}` }
      keep(member.bytes)
      break
    }
    const own = bytes.subarray(at, end)
    isJoined = false
    if (isPlain(own)) {
      keep(own)
      isJoined = false
    } else refused.push({ offset: at, bytes: own, ...whyRefused(own, member) })
    at = end
  }
  const [only] = refused
  if (parts.length === 0 && refused.length === 1 && only)
    return { ok: false, code: only.code, reason: only.reason }
  return {
    ok: true,
    bytes: parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts),
    ...(cut === undefined ? {} : { cut }),
    ...(refused.length === 0 ? {} : { refused }),
  }
}

/**
 * The start of the first sound member at or after `from`; the length when there is none, or the search
 * exceeds its budget.
 */
export function nextMember(bytes: Uint8Array, from: number, max: number, search: { budget: number }): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = buffer.indexOf(MAGIC, from); at >= 0; at = buffer.indexOf(MAGIC, at + 1)) {
    if (search.budget <= 0) break
    search.budget -= 1 << 10
    if (!isHeader(bytes, at)) continue
    try {
      const member = readMember(bytes, at, Math.min(max, search.budget))
      search.budget -= member.state === 'sound' ? member.bytes.length : (member.looked ?? 0)
      if (member.state === 'sound') return at
    } catch {
      search.budget = 0
    }
  }
  return bytes.length
}

const MAGIC = Buffer.from([0x1f, 0x8b, 0x08])

type Member =
  | { state: 'sound'; bytes: Uint8Array; end: number }
  | { state: 'cut'; bytes: Uint8Array; looked?: number }
  /** `end` where it is known. */
  | { state: 'damaged'; reason: string; end?: number; looked?: number }

/**
 * The end of the first member: the length of the bytes when it is cut off, 0 when none begins or it is
 * damaged.
 */
export function firstMemberEnd(bytes: Uint8Array): number {
  if (!isHeader(bytes, 0)) return 0
  const member = readMember(bytes, 0, Math.max(bytes.length * 200, 64 << 20))
  if (member.state === 'sound') return member.end
  return member.state === 'cut' ? bytes.length : (member.end ?? 0)
}

/** Whether a member begins, judged by its first bytes: no reserved flag is set. */
function isHeader(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 0x1f || bytes[at + 1] !== 0x8b) return false
  return (bytes[at + 2] ?? 8) === 8 && ((bytes[at + 3] ?? 0) & 0xe0) === 0
}

function readMember(bytes: Uint8Array, at: number, max: number): Member {
  const start = headerEnd(bytes, at)
  if (start >= bytes.length) return { state: 'cut', bytes: new Uint8Array() }
  const data = bytes.subarray(start)
  let inflated: ReturnType<typeof informed>
  try {
    inflated = informed(inflateRawSync, data, { maxOutputLength: max })
  } catch (thrown) {
    if (systemCode(thrown) === 'ERR_BUFFER_TOO_LARGE') throw thrown
    const looked = data.length
    if (systemCode(thrown) !== 'Z_BUF_ERROR') return { state: 'damaged', reason: sentence(thrown), looked }
    const options = { maxOutputLength: max, finishFlush: constants.Z_SYNC_FLUSH }
    return { state: 'cut', bytes: inflateRawSync(data, options), looked }
  }
  const { buffer, engine } = inflated
  const trailer = start + engine.bytesWritten
  const end = trailer + 8
  if (end > bytes.length) return { state: 'cut', bytes: buffer }
  const view = new DataView(bytes.buffer, bytes.byteOffset + trailer, 8)
  if (view.getUint32(0, true) !== crc32(buffer))
    return { state: 'damaged', reason: 'incorrect data check', end }
  if (view.getUint32(4, true) !== buffer.length % 2 ** 32)
    return { state: 'damaged', reason: 'incorrect length check', end }
  return { state: 'sound', bytes: buffer, end }
}

/**
 * Where the data of the member at `at` begins; at least the length of the bytes when its header is cut off.
 */
function headerEnd(bytes: Uint8Array, at: number): number {
  const flags = bytes[at + 3] ?? 0
  let end = at + 10
  if (flags & 4) end += 2 + (bytes[end] ?? 0) + (bytes[end + 1] ?? 0) * 256
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue
    const zero = bytes.indexOf(0, end)
    end = zero < 0 ? bytes.length : zero + 1
  }
  return flags & 2 ? end + 2 : end
}

function skipPadding(bytes: Uint8Array, at: number): number {
  for (;;) {
    at = skipSeparators(bytes, at)
    if (bytes[at] !== 0) return at
    at++
  }
}

function isPlain(bytes: Uint8Array): boolean {
  const first = bytes[skipSeparators(bytes, 0)]
  return first === OPEN_OBJECT || first === OPEN_ARRAY
}

function whyRefused(
  bytes: Uint8Array,
  member: Exclude<Member, { state: 'sound' }> | undefined,
): Pick<Refused, 'code' | 'reason'> {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    const why =
      member?.state === 'damaged' ? member.reason : member ? 'it breaks off' : 'incorrect header check'
    return { code: 'damaged-gzip', reason: `gzip is damaged: ${why}` }
  }
  const verb = bytes.length === 1 ? 'is' : 'are'
  const reason = `${bytesText(bytes.length)} beside the gzip members ${verb} neither gzip nor JSON`
  return { code: 'damaged-gzip', reason }
}
