import { constants, gunzipSync, inflateSync } from 'node:zlib'
import { sentence, systemCode } from '../lib/errors.ts'
import type { RejectCode } from './contract.ts'

/** How far an object may expand. */
export interface ExpandLimits {
  /** Most bytes of one expanded object. */
  maxBytes: number
}

export type Expanded =
  | { ok: true; bytes: Uint8Array; wrapper: string; cut?: string }
  | { ok: false; code: RejectCode; reason: string }

/** Logs shrink to a fiftieth at most; what claims more, and is large, was made to fill a memory. */
const MOST_RATIO = 200
const HARMLESS_BYTES = 64 << 20

/**
 * Removes gzip and zlib, however often they were put on and whatever the object is called: only the magic bytes count
 * (RFC 1952, RFC 1950). Several members are one stream. A stream that breaks off gives the part before the break, with
 * `cut` saying so; one whose checksum or data is wrong gives nothing, since no byte of it can be trusted.
 */
export function expand(bytes: Uint8Array, { maxBytes }: ExpandLimits): Expanded {
  const delivered = bytes.length
  const most = Math.min(maxBytes, Math.max(HARMLESS_BYTES, delivered * MOST_RATIO))
  let wrapper = 'plain'
  for (let layer = 1; isGzip(bytes) || isZlib(bytes); layer++) {
    if (layer > 3) return { ok: false, code: 'too-large', reason: 'gzip inside gzip more than three deep' }
    const kind = isGzip(bytes) ? 'gzip' : 'zlib'
    try {
      const chunkSize = expectedSize(bytes, most)
      const inflated =
        kind === 'gzip'
          ? gunzipSync(bytes, { maxOutputLength: most, chunkSize })
          : inflateSync(bytes, { maxOutputLength: most })
      bytes = inflated
    } catch (thrown) {
      const code = systemCode(thrown)
      if (code === 'ERR_BUFFER_TOO_LARGE') {
        const reason = `expands to more than ${most} bytes from ${delivered}`
        return { ok: false, code: 'too-large', reason }
      }
      // Two bytes are little proof: text may begin like zlib.
      if (kind === 'zlib') return { ok: true, bytes, wrapper }
      if (code !== 'Z_BUF_ERROR') {
        return { ok: false, code: 'damaged-gzip', reason: `gzip is damaged: ${sentence(thrown)}` }
      }
      const part = gunzipSync(bytes, { maxOutputLength: most, finishFlush: constants.Z_SYNC_FLUSH })
      return {
        ok: true,
        bytes: part,
        wrapper: named(kind, layer),
        cut: `gzip breaks off after ${bytes.length} bytes`,
      }
    }
    wrapper = named(kind, layer)
  }
  return { ok: true, bytes, wrapper }
}

function named(kind: string, layer: number): string {
  return layer === 1 ? kind : `${kind}×${layer}`
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
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
