import { gunzipSync, inflateSync } from 'node:zlib'
import { systemCode } from '../lib/errors.ts'
import type { Damage } from './contract.ts'
import { bytesText, type Expanded, type ExpandLimits, type Layer, type Refused } from './expanded.ts'
import { informed } from './inflate.ts'
import { expandMembers, nextMember } from './members.ts'
import { fromUtf16, utf16Of } from './utf16.ts'
import { expandFrames, isZstd } from './zstd.ts'

/** 200: logs expand fiftyfold at most, so a large object that expands more is an attack on memory. */
const MAX_RATIO = 200
const HARMLESS_BYTES = 64 << 20

/**
 * Removes gzip, zlib and zstd, in any number of layers and whatever the object's name: only the magic bytes
 * count (RFC 1952, RFC 1950, RFC 8878). Several members or frames are one stream. A stream that is cut off
 * gives its readable part, and sets `cut`. A member whose checksum or data is wrong is not used at all: it
 * goes to `refused`, and the other members are kept. UTF-16 becomes UTF-8: with a byte order mark,
 * or JSON without one.
 */
export function expand(bytes: Uint8Array, { maxBytes }: ExpandLimits): Expanded {
  const delivered = bytes.length
  const max = Math.min(maxBytes, Math.max(HARMLESS_BYTES, delivered * MAX_RATIO))
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
      opened = openLayer[kind](bytes, max)
    } catch (thrown) {
      if (systemCode(thrown) !== 'ERR_BUFFER_TOO_LARGE') throw thrown
      return { ok: false, code: 'too-large', reason: expandsTooFar(delivered, max, maxBytes) }
    }
    // Two magic bytes prove little: text may begin like zlib.
    if (!opened) break
    if (!opened.ok) return opened
    bytes = opened.bytes
    cut ??= opened.cut
    refused.push(...(opened.refused ?? []))
    wrapper = layer === 1 ? kind : `${kind}×${layer}`
  }
  const utf16 = utf16Of(bytes)
  if (utf16) {
    const text = fromUtf16(bytes, utf16)
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

/** The reason names the setting where raising it would help. */
function expandsTooFar(delivered: number, max: number, maxBytes: number): string {
  const setting = max === maxBytes ? ' (ingest.max_object_bytes)' : ''
  return `expands to more than ${max} bytes from ${delivered}${setting}`
}

/**
 * Expands bytes that begin otherwise and have sound gzip members after that; undefined when there are none.
 */
export function expandMixed(bytes: Uint8Array, { maxBytes }: ExpandLimits): Expanded | undefined {
  const max = Math.min(maxBytes, Math.max(HARMLESS_BYTES, bytes.length * MAX_RATIO))
  const search = { budget: 4 * bytes.length + (16 << 20) }
  if (nextMember(bytes, 0, max, search) >= bytes.length) return undefined
  try {
    const layer = expandMembers(bytes, max)
    return layer.ok ? { ...layer, wrapper: 'mixed' } : layer
  } catch (thrown) {
    if (systemCode(thrown) === 'ERR_BUFFER_TOO_LARGE') return undefined
    throw thrown
  }
}

/** Whether all of the delivered bytes could be expanded. */
export function isWhole(expanded: Expanded): expanded is Extract<Expanded, { ok: true }> {
  return expanded.ok && expanded.cut === undefined && expanded.refused === undefined
}

type Compression = 'gzip' | 'zlib' | 'zstd'

function compressionOf(bytes: Uint8Array): Compression | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip'
  if (isZstd(bytes, 0)) return 'zstd'
  return isZlib(bytes) ? 'zlib' : undefined
}

const openLayer: Record<Compression, (bytes: Uint8Array, max: number) => Layer | undefined> = {
  gzip: openGzip,
  zlib: openZlib,
  zstd: expandFrames,
}

function openGzip(bytes: Uint8Array, max: number): Layer {
  try {
    const options = { maxOutputLength: max, chunkSize: expectedSize(bytes, max) }
    const { buffer, engine } = informed(gunzipSync, bytes, options)
    // Node silently stops at a zero byte after a member.
    if (isPadding(bytes, engine.bytesWritten)) return { ok: true, bytes: buffer }
  } catch (thrown) {
    if (systemCode(thrown) === 'ERR_BUFFER_TOO_LARGE') throw thrown
  }
  return expandMembers(bytes, max)
}

function openZlib(bytes: Uint8Array, max: number): Layer | undefined {
  try {
    const { buffer, engine } = informed(inflateSync, bytes, { maxOutputLength: max })
    const offset = engine.bytesWritten
    if (isPadding(bytes, offset)) return { ok: true, bytes: buffer }
    const reason = `${bytesText(bytes.length - offset)} behind the end of the zlib stream`
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

/** Deflate with any window, and a header with a correct checksum. */
function isZlib(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes
  return (first & 0x0f) === 8 && first >> 4 <= 7 && bytes.length > 6 && ((first << 8) | second) % 31 === 0
}

/**
 * The expanded size that a gzip file states in its last four bytes (RFC 1952), to allocate one buffer instead
 * of many small ones. It is wrong for several members or a broken file, which only costs time. For several
 * members it is the size of the last one, so the result is never below a usual expansion.
 */
function expectedSize(bytes: Uint8Array, maxBytes: number): number {
  const at = bytes.length - 4
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const told = at > 0 ? view.getUint32(at, true) : 0
  // Text shrinks to a thirtieth at most: a larger claim is not worth the memory.
  const least = Math.max(1 << 14, Math.min(bytes.length * 2, 1 << 18))
  return Math.max(least, Math.min(told + 64, bytes.length * 40, maxBytes))
}
