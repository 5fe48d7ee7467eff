import { CLOSE_ARRAY, CLOSE_OBJECT, OPEN_ARRAY, OPEN_OBJECT, QUOTE, quoteAfter, viewAgain } from './bytes.ts'
import type { Refusal } from './refusal.ts'

/**
 * No record that AWS writes is nested a tenth as deep. DuckDB's JSON functions call themselves level by level, and end
 * the process some ten thousand levels down.
 */
export const MOST_DEPTH = 1000

/** The largest records that AWS writes, answers of models, are of 25 MB; DuckDB's reader sets aside a multiple of the longest. */
export const MOST_RECORD_BYTES = 32 << 20

/** Objects and arrays take memory by their number: a hundred bytes each, once they are parsed. No record that AWS writes has a hundredth of that. */
export const MOST_CONTAINERS = 1 << 19

/** Why a record is too long or too deep to be read; undefined when it is neither. */
export function tooMuch(bytes: Uint8Array): Refusal | undefined {
  if (bytes.length > MOST_RECORD_BYTES) {
    const reason = `the record has ${bytes.length} bytes, more than a record may have, which is ${MOST_RECORD_BYTES}`
    return { code: 'too-large', reason }
  }
  // A level takes at least two bytes.
  if (bytes.length <= MOST_DEPTH * 2) return undefined
  if (isDeeper(bytes, MOST_DEPTH))
    return { code: 'too-deep', reason: `the record is nested more than ${MOST_DEPTH} deep` }
  // So does an object.
  if (bytes.length <= MOST_CONTAINERS * 2 || containersOf(bytes) <= MOST_CONTAINERS) return undefined
  const reason = `the record holds more than ${MOST_CONTAINERS} objects and arrays`
  return { code: 'too-large', reason }
}

/** How many objects and arrays JSON holds, itself among them. */
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

/** Whether JSON is nested deeper than that. */
export function isDeeper(bytes: Uint8Array, most: number): boolean {
  const view = viewAgain(bytes)
  let depth = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) {
      at = quoteAfter(bytes, view, at + 1)
      if (at < 0) return false
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (++depth > most) return true
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth--
  }
  return false
}
