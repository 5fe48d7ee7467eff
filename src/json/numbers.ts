import { textOf } from './bytes.ts'
import { isDigit } from './scalars.ts'

/**
 * Numbers as JSON writes them, of any length. A double holds about sixteen digits, and DuckDB's JSON reader
 * turns every number with a point or an exponent into one; two different numbers may then look the same.
 */

const PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

/**
 * A number's value as text, equal for two numbers that only are written differently: `1.50e1` and `15` are
 * both `15e0`. Undefined for a text that is no number.
 */
export function decimalOf(number: string): string | undefined {
  const [, sign = '', whole, fraction = '', exponent = '0'] = PARTS.exec(number) ?? []
  if (whole === undefined) return undefined
  const digits = `${whole}${fraction}`
  let first = 0
  let last = digits.length
  while (digits.charCodeAt(first) === DIGIT_ZERO) first++
  while (last > first && digits.charCodeAt(last - 1) === DIGIT_ZERO) last--
  if (first >= last) return '0'
  const value = `${sign}${digits.slice(first, last)}`
  // No writer of numbers has such an exponent, and adding to it would take long.
  if (exponent.length > MAX_EXPONENT) return `${value}.${fraction.length}e${exponent}`
  return `${value}e${BigInt(exponent) + BigInt(digits.length - last - fraction.length)}`
}

const DIGIT_ZERO = 0x30
const MAX_EXPONENT = 20

/** Up to fifteen digits and without an exponent, a double holds any number. */
const EXACT_LENGTH = 15

/** Whether a double holds the number: written again, it has the value that it had. */
export function isDouble(number: string): boolean {
  const written = String(Number(number))
  return written === number || decimalOf(written) === decimalOf(number)
}

/**
 * Whether DuckDB's JSON reader keeps the value of a number: whole numbers, and those beyond the range of a
 * double, stay as they are written; all others become doubles.
 */
export function isKept(number: string): boolean {
  if (number.length <= EXACT_LENGTH && !/[eE]/.test(number)) return true
  return !/[.eE]/.test(number) || !Number.isFinite(Number(number)) || isDouble(number)
}

/** Whether every number in a JSON text passes; those that any reader keeps are not asked about. */
export function everyNumber(json: string, passes: (number: string) => boolean): boolean {
  for (let at = 0; at < json.length; at++) {
    const unit = json.charCodeAt(at)
    if (unit === QUOTE) {
      for (at++; at < json.length && json.charCodeAt(at) !== QUOTE; at++)
        if (json.charCodeAt(at) === BACKSLASH) at++
    } else if (isDigit(unit)) {
      const start = json.charCodeAt(at - 1) === DASH ? at - 1 : at
      let hasExponent = false
      for (at++; isInNumber(json.charCodeAt(at)); at++)
        hasExponent ||= (json.charCodeAt(at) | 0x20) === SMALL_E
      if ((hasExponent || at - start > EXACT_LENGTH) && !passes(json.slice(start, at))) return false
      at--
    }
  }
  return true
}

/** The index after the number at `at`, which is its first digit; -1 when a double does not hold it. */
export function doubleEnd(bytes: Uint8Array, at: number): number {
  const start = bytes[at - 1] === DASH ? at - 1 : at
  let hasExponent = false
  for (; isInNumber(bytes[at]); at++) hasExponent ||= ((bytes[at] as number) | 0x20) === SMALL_E
  if (!hasExponent && at - start <= EXACT_LENGTH) return at
  return isDouble(textOf(bytes, start, at)) ? at : -1
}

/**
 * The index of the last byte of the number around `at`, which is its point or its exponent's letter; -1 when
 * DuckDB's JSON reader would not keep its value.
 */
export function keptNumberEnd(bytes: Uint8Array, at: number): number {
  let start = at
  while (start > 0 && isInNumber(bytes[start - 1])) start--
  let hasExponent = false
  let end = at
  for (; isInNumber(bytes[end]); end++) hasExponent ||= ((bytes[end] as number) | 0x20) === SMALL_E
  if (!hasExponent && end - start <= EXACT_LENGTH) return end - 1
  return isKept(textOf(bytes, start, end)) ? end - 1 : -1
}

const QUOTE = 0x22
const PLUS = 0x2b
const DASH = 0x2d
const POINT = 0x2e
const BACKSLASH = 0x5c
const SMALL_E = 0x65

/** Whether a byte may be part of a number. */
function isInNumber(unit: number | undefined): boolean {
  if (unit === undefined) return false
  return isDigit(unit) || unit === POINT || unit === DASH || unit === PLUS || (unit | 0x20) === SMALL_E
}
