import { constants, gunzipSync } from 'node:zlib'
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

/**
 * Removes gzip, however often it was put on and whatever the object is called: only the magic bytes count
 * (RFC 1952). Several members are one stream. A stream that breaks off gives the part before the break, with
 * `cut` saying so; one whose checksum or data is wrong gives nothing, since no byte of it can be trusted.
 */
export function expand(bytes: Uint8Array, { maxBytes }: ExpandLimits): Expanded {
  let wrapper = 'plain'
  for (let layer = 1; bytes[0] === 0x1f && bytes[1] === 0x8b; layer++) {
    if (layer > 3) return { ok: false, code: 'too-large', reason: 'gzip inside gzip more than three deep' }
    wrapper = layer === 1 ? 'gzip' : `gzip×${layer}`
    try {
      bytes = gunzipSync(bytes, { maxOutputLength: maxBytes, chunkSize: expectedSize(bytes, maxBytes) })
    } catch (thrown) {
      const code = systemCode(thrown)
      if (code === 'ERR_BUFFER_TOO_LARGE') {
        return {
          ok: false,
          code: 'too-large',
          reason: `expands to more than ${maxBytes} bytes from ${bytes.length}`,
        }
      }
      if (code !== 'Z_BUF_ERROR') {
        return { ok: false, code: 'damaged-gzip', reason: `gzip is damaged: ${sentence(thrown)}` }
      }
      const part = gunzipSync(bytes, { maxOutputLength: maxBytes, finishFlush: constants.Z_SYNC_FLUSH })
      return { ok: true, bytes: part, wrapper, cut: `gzip breaks off after ${bytes.length} bytes` }
    }
  }
  return { ok: true, bytes, wrapper }
}

/**
 * What a gzip file says of its own expanded size (its last four bytes, RFC 1952), for one buffer of the right size
 * instead of many small ones; wrong for several members or a broken file, and then it only costs time.
 */
function expectedSize(bytes: Uint8Array, maxBytes: number): number {
  const at = bytes.length - 4
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const told = at > 0 ? view.getUint32(at, true) : 0
  // Text shrinks to a thirtieth at most: a larger claim is not worth the memory.
  return Math.max(1 << 14, Math.min(told + 64, bytes.length * 40, maxBytes))
}
