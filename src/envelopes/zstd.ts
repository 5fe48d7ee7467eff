import type { ZSTDDecoder } from 'zstddec'
import { RECORD_SEPARATOR } from '../json/separators.ts'
import type { Layer, Refused } from './expanded.ts'

/**
 * Zstandard (RFC 8878): frames one after the other are one stream, skippable frames hold nothing. zstd's own decoder, as
 * WebAssembly, takes off the compression and checks the checksum; where a frame ends and how much it can hold is found out
 * here by the headers of its blocks. Of a frame that is damaged or breaks off nothing is kept: its checksum is at its end; reading
 * goes on at the next frame.
 */

const MAGIC = 0xfd2fb528
const MAGIC_BYTES = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd)
const SKIPPABLE = 0x184d2a50
const BLOCK_BYTES = 128 << 10

/** WebAssembly's memory is not given back: an object of this format is no larger. */
const MOST_BYTES = 512 << 20

/** So many pieces of an object are passed over one by one; behind them, what is no sound frame is refused as one. */
const MOST_REFUSED = 1000

let decoder: ZSTDDecoder | undefined

export const NOT_LOADED = 'zstd inside another compression, or where it is not looked for'

/** Loads the decoder. Before that, zstd is refused with `NOT_LOADED`: few runs need it, and none waits for it. */
export async function loadZstd(): Promise<void> {
  const { ZSTDDecoder } = await import('zstddec')
  const loading = new ZSTDDecoder()
  await loading.init()
  decoder = loading
}

/** Whether a frame begins at `at`. */
export function isZstd(bytes: Uint8Array, at: number): boolean {
  // Nearly every object is none: its first byte says so.
  const first = bytes[at] ?? 0
  if ((first !== 0x28 && first >> 4 !== 5) || bytes.length < at + 4) return false
  const magic = uint(bytes, at, 4)
  return magic === MAGIC || (magic >= SKIPPABLE && magic < SKIPPABLE + 16 && at + 8 <= bytes.length)
}

/** @throws an error with zlib's code for it when there are more than `most` bytes */
export function expandFrames(bytes: Uint8Array, most: number): Layer {
  if (!decoder) return { ok: false, code: 'damaged-zstd', reason: NOT_LOADED }
  const parts: Uint8Array[] = []
  const refused: Refused[] = []
  let total = 0
  let isBroken = false
  const refuse = (offset: number, end: number, reason: string) => {
    refused.push({ offset, bytes: bytes.subarray(offset, end), code: 'damaged-zstd', reason })
    isBroken = true
  }
  /** What damaged frames could have held: each is made room for before it is known to be one. */
  let spent = 0
  let next = 0
  /** Where reading goes on behind a piece that is refused. */
  const resumed = (at: number) => {
    if (refused.length >= MOST_REFUSED || spent > most) return bytes.length
    if (next <= at) next = nextFrame(bytes, at + 1)
    return next
  }
  for (let at = 0; at < bytes.length; ) {
    if (!isZstd(bytes, at)) {
      const stop = resumed(at)
      const where = stop < bytes.length ? 'before a' : 'behind the last'
      if (bytes.subarray(at, stop).some((byte) => byte !== 0))
        refuse(at, stop, `${stop - at} bytes ${where} zstd frame are no zstd`)
      at = stop
      continue
    }
    const { end, most: own } = frameAt(bytes, at)
    if (end !== undefined && own > Math.min(most - total, MOST_BYTES)) throw tooLarge()
    // An error of the decoder's is an empty text.
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
    // A frame that is cut reaches into what comes behind it.
    const stop = Math.min(resumed(at), end ?? bytes.length)
    if (end === undefined) refuse(at, stop, `zstd breaks off after ${stop} bytes, or is damaged`)
    else refuse(at, stop, 'zstd is damaged: its data or its checksum is wrong')
    at = stop
  }
  const [only] = refused
  if (total === 0 && refused.length === 1 && only) return { ok: false, code: only.code, reason: only.reason }
  const expanded = parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts)
  return { ok: true, bytes: expanded, ...(refused.length === 0 ? {} : { refused }) }
}

/** Where a frame begins by its magic number, at `from` or behind it; the end of the bytes when there is none. */
function nextFrame(bytes: Uint8Array, from: number): number {
  const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(MAGIC_BYTES, from)
  return found < 0 ? bytes.length : found
}

/**
 * Where the frame at `at` ends, by its header and those of its blocks, and how many bytes it can hold. No end when it breaks
 * off, or a block of it is of no known kind.
 */
function frameAt(bytes: Uint8Array, at: number): { end: number | undefined; most: number } {
  if (uint(bytes, at, 4) !== MAGIC) {
    const end = at + 8 + uint(bytes, at + 4, 4)
    return { end: end <= bytes.length ? end : undefined, most: 0 }
  }
  const descriptor = bytes[at + 4] ?? 0
  const isSingle = (descriptor & 0x20) !== 0
  const sizeBytes = descriptor >> 6 === 0 ? Number(isSingle) : 1 << (descriptor >> 6)
  let next = at + 5 + Number(!isSingle) + ([0, 1, 2, 4][descriptor & 3] as number) + sizeBytes
  let most = 0
  for (;;) {
    if (next + 3 > bytes.length) return { end: undefined, most }
    const block = uint(bytes, next, 3)
    const [type, size] = [(block >> 1) & 3, block >> 3]
    if (type === 3) return { end: undefined, most }
    // Raw, or one byte that stands for all of a run.
    most += type === 2 ? BLOCK_BYTES : size
    next += 3 + (type === 1 ? 1 : size)
    if (block & 1) break
  }
  const end = next + (descriptor & 4 ? 4 : 0)
  return { end: end <= bytes.length ? end : undefined, most }
}

function tooLarge(): Error {
  return Object.assign(new RangeError('more bytes than an object may hold'), { code: 'ERR_BUFFER_TOO_LARGE' })
}

/** A whole number, its lowest byte first. */
function uint(bytes: Uint8Array, at: number, size: number): number {
  let value = 0
  for (let index = size - 1; index >= 0; index--) value = value * 256 + (bytes[at + index] ?? 0)
  return value
}
