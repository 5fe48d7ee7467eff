import type { ZSTDDecoder } from 'zstddec'
import { RECORD_SEPARATOR } from '../json/separators.ts'
import { bytesText, type Layer, type Refused } from './expanded.ts'

/**
 * Zstandard (RFC 8878): consecutive frames are one stream, and skippable frames have no content. zstd's own
 * decoder, as WebAssembly, decompresses and verifies the checksum; the end of a frame, and the most it can
 * expand to, are computed here from the headers of its blocks. A frame that is damaged or cut off is not kept
 * at all, since its checksum is at its end; reading continues at the next frame.
 */

const MAGIC = 0xfd2fb528
const MAGIC_BYTES = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd)
const SKIPPABLE = 0x184d2a50
const BLOCK_BYTES = 128 << 10

/** 512 MiB: WebAssembly never returns memory, so objects of this format are limited. */
const MAX_BYTES = 512 << 20

/** Refused pieces of an object; after them, all remaining bytes are refused as one. */
const MAX_REFUSED = 1000

let decoder: ZSTDDecoder | undefined

export const NOT_LOADED = 'zstd inside another compression, or where it is not looked for'

/**
 * Loads the decoder. Until then, zstd is refused with `NOT_LOADED`: few runs need it, and the others need not
 * wait.
 */
export async function loadZstd(): Promise<void> {
  const { ZSTDDecoder } = await import('zstddec')
  const loading = new ZSTDDecoder()
  await loading.init()
  decoder = loading
}

/** Whether a frame begins at `at`. */
export function isZstd(bytes: Uint8Array, at: number): boolean {
  // Checks the first byte first, since nearly no object is zstd.
  const first = bytes[at] ?? 0
  if ((first !== 0x28 && first >> 4 !== 5) || bytes.length < at + 4) return false
  const magic = uint(bytes, at, 4)
  return magic === MAGIC || (magic >= SKIPPABLE && magic < SKIPPABLE + 16 && at + 8 <= bytes.length)
}

/** @throws an error with zlib's code for more than `max` bytes */
export function expandFrames(bytes: Uint8Array, max: number): Layer {
  if (!decoder) return { ok: false, code: 'damaged-zstd', reason: NOT_LOADED }
  const parts: Uint8Array[] = []
  const refused: Refused[] = []
  let total = 0
  let isBroken = false
  const refuse = (offset: number, end: number, reason: string) => {
    refused.push({ offset, bytes: bytes.subarray(offset, end), code: 'damaged-zstd', reason })
    isBroken = true
  }
  /** Bytes allocated for frames that turned out to be damaged. */
  let spent = 0
  let next = 0
  /** Where reading continues after a refused piece. */
  const resumed = (at: number) => {
    if (refused.length >= MAX_REFUSED || spent > max) return bytes.length
    if (next <= at) next = nextFrame(bytes, at + 1)
    return next
  }
  for (let at = 0; at < bytes.length; ) {
    if (!isZstd(bytes, at)) {
      const stop = resumed(at)
      const where = stop < bytes.length ? 'before a' : 'behind the last'
      if (bytes.subarray(at, stop).some((byte) => byte !== 0))
        refuse(
          at,
          stop,
          `${bytesText(stop - at)} ${where} zstd frame ${stop - at === 1 ? 'is' : 'are'} no zstd`,
        )
      at = stop
      continue
    }
    const { end, max: own } = frameAt(bytes, at)
    if (end !== undefined && own > Math.min(max - total, MAX_BYTES)) throw tooLarge()
    // The decoder returns an empty text on an error.
    const part = end !== undefined && own > 0 ? decoder.decode(bytes.subarray(at, end), own) : undefined
    if (end !== undefined && (own === 0 || (part && part.length > 0))) {
      if (part) {
        if (isBroken) parts.push(Uint8Array.of(RECORD_SEPARATOR))
        isBroken = false
        parts.push(part)
      }
      total += part?.length ?? 0
      at = end
      continue
    }
    spent += end === undefined ? 0 : own
    // The size in the header of a cut frame reaches into the bytes after it.
    const stop = Math.min(resumed(at), end ?? bytes.length)
    if (end === undefined) refuse(at, stop, `zstd breaks off after ${bytesText(stop)}, or is damaged`)
    else refuse(at, stop, 'zstd is damaged: its data or its checksum is wrong')
    at = stop
  }
  const [only] = refused
  if (total === 0 && refused.length === 1 && only) return { ok: false, code: only.code, reason: only.reason }
  const expanded = parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts)
  return { ok: true, bytes: expanded, ...(refused.length === 0 ? {} : { refused }) }
}

/**
 * The start of the next frame by its magic number, at or after `from`; the end of the bytes when there is
 * none.
 */
function nextFrame(bytes: Uint8Array, from: number): number {
  const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(MAGIC_BYTES, from)
  return found < 0 ? bytes.length : found
}

/**
 * The end of the frame at `at`, from its header and those of its blocks, and the most bytes it can expand to.
 * The end is undefined when the frame is cut off, or a block has an unknown type.
 */
function frameAt(bytes: Uint8Array, at: number): { end: number | undefined; max: number } {
  if (uint(bytes, at, 4) !== MAGIC) {
    const end = at + 8 + uint(bytes, at + 4, 4)
    return { end: end <= bytes.length ? end : undefined, max: 0 }
  }
  const descriptor = bytes[at + 4] ?? 0
  const isSingle = (descriptor & 0x20) !== 0
  const sizeBytes = descriptor >> 6 === 0 ? Number(isSingle) : 1 << (descriptor >> 6)
  let next = at + 5 + Number(!isSingle) + ([0, 1, 2, 4][descriptor & 3] as number) + sizeBytes
  let max = 0
  for (;;) {
    if (next + 3 > bytes.length) return { end: undefined, max }
    const block = uint(bytes, next, 3)
    const [type, size] = [(block >> 1) & 3, block >> 3]
    if (type === 3) return { end: undefined, max }
    // Raw, or a run of one repeated byte.
    max += type === 2 ? BLOCK_BYTES : size
    next += 3 + (type === 1 ? 1 : size)
    if (block & 1) break
  }
  const end = next + (descriptor & 4 ? 4 : 0)
  return { end: end <= bytes.length ? end : undefined, max }
}

function tooLarge(): Error {
  return Object.assign(new RangeError('more bytes than an object may hold'), { code: 'ERR_BUFFER_TOO_LARGE' })
}

/** An unsigned number, little-endian. */
function uint(bytes: Uint8Array, at: number, size: number): number {
  let value = 0
  for (let index = size - 1; index >= 0; index--) value = value * 256 + (bytes[at + index] ?? 0)
  return value
}
