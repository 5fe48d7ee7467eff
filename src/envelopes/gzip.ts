import { gunzipSync, inflateSync } from 'node:zlib'
import { systemCode } from '../lib/errors.ts'
import type { Damage } from './contract.ts'
import type { Expanded, ExpandLimits, Layer, Refused } from './expanded.ts'
import { informed } from './inflate.ts'
import { expandMembers, nextMember } from './members.ts'
import { fromUtf16, isUtf16 } from './utf16.ts'
import { expandFrames, isZstd } from './zstd.ts'

/** Logs shrink to a fiftieth at most; what claims more, and is large, was made to fill a memory. */
const MOST_RATIO = 200
const HARMLESS_BYTES = 64 << 20

/**
 * Removes gzip, zlib and zstd, however often they were put on and whatever the object is called: only the magic bytes count
 * (RFC 1952, RFC 1950, RFC 8878). Several members or frames are one stream. A stream that breaks off gives the part before
 * the break, with `cut` saying so. Of a member whose checksum or data is wrong no byte is trusted: it is in `refused`, and
 * the members beside it are kept. UTF-16 with its mark becomes UTF-8.
 */
export function expand(bytes: Uint8Array, { maxBytes }: ExpandLimits): Expanded {
  const delivered = bytes.length
  const most = Math.min(maxBytes, Math.max(HARMLESS_BYTES, delivered * MOST_RATIO))
  let wrapper = 'plain'
  let cut: Damage | undefined
  const refused: Refused[] = []
  for (let layer = 1; ; layer++) {
    const kind = compressionOf(bytes)
    if (!kind) break
    if (layer > 3)
      return { ok: false, code: 'too-large', reason: `${kind} inside ${kind} more than three deep` }
    let opened: Layer | undefined
    try {
      opened = openLayer[kind](bytes, most)
    } catch (thrown) {
      if (systemCode(thrown) !== 'ERR_BUFFER_TOO_LARGE') throw thrown
      return { ok: false, code: 'too-large', reason: expandsTooFar(delivered, most, maxBytes) }
    }
    // Two bytes are little proof: text may begin like zlib.
    if (!opened) break
    if (!opened.ok) return opened
    bytes = opened.bytes
    cut ??= opened.cut
    refused.push(...(opened.refused ?? []))
    wrapper = layer === 1 ? kind : `${kind}×${layer}`
  }
  if (isUtf16(bytes)) {
    const text = fromUtf16(bytes)
    bytes = text.bytes
    cut ??= text.cut
    wrapper = wrapper === 'plain' ? 'utf-16' : `${wrapper}, utf-16`
  }
  return {
    ok: true,
    bytes,
    wrapper,
    ...(cut === undefined ? {} : { cut }),
    ...(refused.length === 0 ? {} : { refused }),
  }
}

/** The setting is named where it would help. */
function expandsTooFar(delivered: number, most: number, maxBytes: number): string {
  const setting = most === maxBytes ? ' (ingest.max_object_bytes)' : ''
  return `expands to more than ${most} bytes from ${delivered}${setting}`
}

/** Bytes that begin with something else and have sound gzip members behind it; undefined when there are none. */
export function expandMixed(bytes: Uint8Array, { maxBytes }: ExpandLimits): Expanded | undefined {
  const most = Math.min(maxBytes, Math.max(HARMLESS_BYTES, bytes.length * MOST_RATIO))
  const search = { budget: 4 * bytes.length + (16 << 20) }
  if (nextMember(bytes, 0, most, search) >= bytes.length) return undefined
  try {
    const layer = expandMembers(bytes, most)
    return layer.ok ? { ...layer, wrapper: 'mixed' } : layer
  } catch (thrown) {
    if (systemCode(thrown) === 'ERR_BUFFER_TOO_LARGE') return undefined
    throw thrown
  }
}

/** Whether all that was delivered is there. */
export function isWhole(expanded: Expanded): expanded is Extract<Expanded, { ok: true }> {
  return expanded.ok && expanded.cut === undefined && expanded.refused === undefined
}

type Compression = 'gzip' | 'zlib' | 'zstd'

function compressionOf(bytes: Uint8Array): Compression | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip'
  if (isZstd(bytes, 0)) return 'zstd'
  return isZlib(bytes) ? 'zlib' : undefined
}

const openLayer: Record<Compression, (bytes: Uint8Array, most: number) => Layer | undefined> = {
  gzip: openGzip,
  zlib: openZlib,
  zstd: expandFrames,
}

function openGzip(bytes: Uint8Array, most: number): Layer {
  try {
    const options = { maxOutputLength: most, chunkSize: expectedSize(bytes, most) }
    const { buffer, engine } = informed(gunzipSync, bytes, options)
    // Node stops without a word at a byte of zero behind a member.
    if (isPadding(bytes, engine.bytesWritten)) return { ok: true, bytes: buffer }
  } catch (thrown) {
    if (systemCode(thrown) === 'ERR_BUFFER_TOO_LARGE') throw thrown
  }
  return expandMembers(bytes, most)
}

function openZlib(bytes: Uint8Array, most: number): Layer | undefined {
  try {
    const { buffer, engine } = informed(inflateSync, bytes, { maxOutputLength: most })
    const offset = engine.bytesWritten
    if (isPadding(bytes, offset)) return { ok: true, bytes: buffer }
    const reason = `${bytes.length - offset} bytes behind the end of the zlib stream`
    return {
      ok: true,
      bytes: buffer,
      refused: [{ offset, bytes: bytes.subarray(offset), code: 'not-json', reason }],
    }
  } catch (thrown) {
    if (systemCode(thrown) === 'ERR_BUFFER_TOO_LARGE') throw thrown
    return undefined
  }
}

function isPadding(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < bytes.length; at++) if (bytes[at] !== 0) return false
  return true
}

/** Deflate with any window, and a header whose sum is right. */
function isZlib(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes
  return (first & 0x0f) === 8 && first >> 4 <= 7 && bytes.length > 6 && ((first << 8) | second) % 31 === 0
}

/**
 * What a gzip file says of its own expanded size (its last four bytes, RFC 1952), for one buffer of the right size
 * instead of many small ones; wrong for several members or a broken file, and then it only costs time. Of several members it
 * is the size of the last: no less is taken than what such a file may well expand to.
 */
function expectedSize(bytes: Uint8Array, maxBytes: number): number {
  const at = bytes.length - 4
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const told = at > 0 ? view.getUint32(at, true) : 0
  // Text shrinks to a thirtieth at most: a larger claim is not worth the memory.
  const least = Math.max(1 << 14, Math.min(bytes.length * 2, 1 << 18))
  return Math.max(least, Math.min(told + 64, bytes.length * 40, maxBytes))
}
