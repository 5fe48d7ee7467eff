import { textOf, valueEnd } from './bytes.ts'

/**
 * Scalars as bytes, checked for what columns can hold. The constants are the module's own, for the reason
 * given in `fit.ts`.
 */
const QUOTE = 0x22
const DASH = 0x2d
const DIGIT_ZERO = 0x30
const BACKSLASH = 0x5c

/**
 * Whether a number is written as DuckDB would write it: `0`, `-12`, `3.25`, with few enough digits that none
 * is lost.
 */
export function isPlainNumber(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 15) return false
  return /^(?!-0$)-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/.test(textOf(bytes, start, end))
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= DIGIT_ZERO && byte <= DIGIT_ZERO + 9
}

/**
 * The index after a whole number that always fits 64 bits: up to 18 digits, no fraction, no exponent; -1 for
 * any other.
 */
export function longEnd(bytes: Uint8Array, at: number): number {
  const start = bytes[at] === DASH ? at + 1 : at
  let end = start
  while (isDigit(bytes[end])) end++
  if (end === start || end - start > 18) return -1
  return valueEnd(bytes, at) === end ? end : -1
}

/** The index after a JSON number; -1 when it is not one. */
export function numberEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] === DASH) at++
  if (!isDigit(bytes[at])) return -1
  if (bytes[at] === DIGIT_ZERO) at++
  else while (isDigit(bytes[at])) at++
  if (bytes[at] === POINT) {
    if (!isDigit(bytes[++at])) return -1
    while (isDigit(bytes[at])) at++
  }
  if (bytes[at] === LETTER_E || bytes[at] === SMALL_E) {
    at++
    if (bytes[at] === DASH || bytes[at] === PLUS) at++
    if (!isDigit(bytes[at])) return -1
    while (isDigit(bytes[at])) at++
  }
  return at
}

const POINT = 0x2e
const PLUS = 0x2b
const LETTER_E = 0x45
const SMALL_E = 0x65

/** The value of a JSON number as the nearest double; NaN when it is not one. Zero has no sign. */
export function doubleAt(bytes: Uint8Array, start: number, end: number): number {
  let digits = 0
  let decimals = -1
  let at = bytes[start] === DASH ? start + 1 : start
  // Up to 15 digits are exact as a whole number, and its quotient by an exact power of ten is the nearest
  // double.
  const isShort = end - at <= 15
  for (; isShort && at < end; at++) {
    const byte = bytes[at] as number
    if (byte === POINT) decimals = 0
    else if (byte >= DIGIT_ZERO && byte <= DIGIT_ZERO + 9) {
      digits = digits * 10 + byte - DIGIT_ZERO
      if (decimals >= 0) decimals++
    } else break
  }
  if (at < end || !isShort) {
    const number = Number(textOf(bytes, start, end))
    return Number.isFinite(number) ? number + 0 : Number.NaN
  }
  const value = decimals > 0 ? digits / (POWERS[decimals] as number) : digits
  return bytes[start] === DASH ? 0 - value : value
}

const POWERS = Array.from({ length: 16 }, (_, power) => 10 ** power)

/**
 * The index after an id without white space at its ends, or -1. An empty id is rejected, because two records
 * with an empty id are not copies of each other.
 */
export function plainIdEnd(bytes: Uint8Array, at: number): number {
  let end = at + 1
  for (; bytes[end] !== QUOTE; end++) {
    const byte = bytes[end]
    // An escape may stand for white space.
    if (byte === undefined || byte === BACKSLASH) return -1
  }
  return isGraph(bytes[at + 1]) && isGraph(bytes[end - 1]) && end > at + 1 ? end + 1 : -1
}

/** Whether a byte is visible ASCII, which no trim removes. */
function isGraph(byte: number | undefined): boolean {
  return byte !== undefined && byte > 0x20 && byte < 0x7f
}
