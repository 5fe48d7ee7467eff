import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
} from './bytes.ts'
import { numberEnd } from './scalars.ts'

/**
 * Where parsing failed: the first byte that cannot continue the JSON, and the values that were open there.
 */
export interface Failure {
  at: number
  /**
   * Where each open array and object begins, the outermost first. Parsing that begins there fails at the same
   * byte.
   */
  open: Int32Array
  depth: number
}

export function noFailure(): Failure {
  return { at: -1, open: new Int32Array(64), depth: 0 }
}

/**
 * The index after the JSON value that begins at `at`, validated as strictly as `JSON.parse` does (RFC 8259),
 * without building it; -1 when it is not valid, and then `failure` has the place. Each byte is read once,
 * however deep the value is.
 */
export function jsonEnd(bytes: Uint8Array, at: number, failure: Failure): number {
  failure.depth = 0
  const fail = (where: number) => {
    failure.at = Math.min(where, bytes.length)
    return -1
  }
  for (;;) {
    const first = bytes[at]
    if (first === OPEN_OBJECT || first === OPEN_ARRAY) {
      push(failure, at)
      at = skipSpace(bytes, at + 1)
      if (bytes[at] === (first === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        failure.depth--
        at++
      } else {
        if (first === OPEN_OBJECT) at = memberValue(bytes, at)
        if (at < 0) return fail(~at)
        continue
      }
    } else {
      at = scalarEnd(bytes, at)
      if (at < 0) return fail(~at)
    }
    for (;;) {
      if (failure.depth === 0) return at
      at = skipSpace(bytes, at)
      const isObject = bytes[failure.open[failure.depth - 1] as number] === OPEN_OBJECT
      if (bytes[at] === COMMA) {
        at = skipSpace(bytes, at + 1)
        if (isObject) at = memberValue(bytes, at)
        if (at < 0) return fail(~at)
        break
      }
      if (bytes[at] !== (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) return fail(at)
      failure.depth--
      at++
    }
  }
}

function push(failure: Failure, at: number): void {
  if (failure.depth === failure.open.length) {
    const more = new Int32Array(failure.depth * 2)
    more.set(failure.open)
    failure.open = more
  }
  failure.open[failure.depth++] = at
}

/** Whether parsing from `at` is known to fail where an earlier attempt did. */
export function failsToo({ open, depth }: Failure, at: number): boolean {
  let [low, high] = [0, depth]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((open[middle] as number) < at) low = middle + 1
    else high = middle
  }
  return low < depth && open[low] === at
}

/** Where the value of the member begins whose key is at `at`; else the complement of where it fails. */
export function memberValue(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== QUOTE) return ~at
  at = afterText(bytes, at)
  if (at < 0) return at
  at = skipSpace(bytes, at)
  return bytes[at] === COLON ? skipSpace(bytes, at + 1) : ~at
}

/** The index after a scalar; else the complement of where it fails. */
function scalarEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] === QUOTE) return afterText(bytes, at)
  for (const word of WORDS) {
    if (bytes[at] !== word[0]) continue
    for (let index = 1; index < word.length; index++)
      if (bytes[at + index] !== word[index]) return ~(at + index)
    return at + word.length
  }
  const end = numberEnd(bytes, at)
  return end < 0 ? ~at : end
}

const WORDS = ['true', 'false', 'null'].map((word) => Buffer.from(word))

/**
 * The index after the text whose quote is at `at`; else the complement of where it fails. JSON allows no line
 * break in a text.
 */
export function afterText(bytes: Uint8Array, at: number): number {
  for (at++; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte === QUOTE) return at + 1
    if (byte < 0x20) return ~at
    if (byte !== BACKSLASH) continue
    const escaped = bytes[++at]
    if (escaped === SMALL_U) {
      for (let digit = 0; digit < 4; digit++) if (!isHex(bytes[++at])) return ~at
    } else if (escaped === undefined || !ESCAPES.includes(escaped)) return ~at
  }
  return ~bytes.length
}

const SMALL_U = 0x75
const ESCAPES = Buffer.from('"\\/bfnrt')

function isHex(byte: number | undefined): boolean {
  if (byte === undefined) return false
  const letter = byte | 0x20
  return (byte >= 0x30 && byte <= 0x39) || (letter >= 0x61 && letter <= 0x66)
}
