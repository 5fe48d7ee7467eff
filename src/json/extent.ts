import { CLOSE_ARRAY, CLOSE_OBJECT, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './bytes.ts'
import type { Refusal } from './refusal.ts'
import { quoteAfter, viewAgain } from './text.ts'

/**
 * 1,000 levels: records of AWS have less than a tenth. DuckDB's JSON functions recurse for each level, and
 * crash the process at some ten thousand.
 */
export const MAX_DEPTH = 1000

/**
 * 32 MiB: the largest records of AWS, answers of models, have 25 MB. DuckDB's reader allocates a multiple of
 * the longest record.
 */
export const MAX_RECORD_BYTES = 32 << 20

/**
 * 524,288 objects and arrays, each of which takes about a hundred bytes once parsed. Records of AWS have less
 * than a hundredth.
 */
export const MAX_CONTAINERS = 1 << 19

/** Why a record is too long or too deep to be read; undefined when it is neither. */
export function tooMuch(bytes: Uint8Array): Refusal | undefined {
  if (bytes.length > MAX_RECORD_BYTES) {
    const reason = `the record has ${bytes.length} bytes, more than a record may have, which is ${MAX_RECORD_BYTES}`
    return { code: 'too-large', reason }
  }
  // Each level takes at least two bytes.
  if (bytes.length <= MAX_DEPTH * 2) return undefined
  if (isDeeper(bytes, MAX_DEPTH))
    return { code: 'too-deep', reason: `the record is nested more than ${MAX_DEPTH} deep` }
  // Each object takes at least two bytes too.
  if (bytes.length <= MAX_CONTAINERS * 2 || containersOf(bytes) <= MAX_CONTAINERS) return undefined
  const reason = `the record holds more than ${MAX_CONTAINERS} objects and arrays`
  return { code: 'too-large', reason }
}

/** The number of objects and arrays in JSON, itself included. */
function containersOf(bytes: Uint8Array): number {
  const view = viewAgain(bytes)
  let count = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) {
      at = quoteAfter(bytes, view, at + 1)
      if (at < 0) return count
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) count++
  }
  return count
}

/** Whether JSON is nested deeper than `max`. */
export function isDeeper(bytes: Uint8Array, max: number): boolean {
  const view = viewAgain(bytes)
  let depth = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) {
      at = quoteAfter(bytes, view, at + 1)
      if (at < 0) return false
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (++depth > max) return true
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth--
  }
  return false
}
