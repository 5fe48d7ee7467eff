/**
 * The lookup tables that the pass follows: the fields of a shape, found by a hash of three of their bytes, or
 * by their order in the previous record. `compile.ts` builds them; `fit.ts` reads them, and notes in them
 * what it saw.
 */

import type { DirectKind, FieldKind } from './shape.ts'

/** Codes of the kinds, for the loop. */
export const CODE = {
  string: 1,
  boolean: 2,
  number: 3,
  json: 4,
  time: 5,
  id: 6,
  object: 7,
  long: 8,
  // Kinds of a log type's direct form.
  timestamp: 9,
  millis: 10,
  double: 11,
  count: 12,
  never: 13,
  listed: 14,
  whole: 15,
  exact: 16,
} as const

/**
 * The code of each declared kind. Two kinds share a code where the loop reads both alike; `checks.ts` then
 * separates them.
 */
export const CODE_OF: Record<FieldKind | Exclude<DirectKind, readonly string[]>, number> = {
  string: CODE.string,
  boolean: CODE.boolean,
  number: CODE.number,
  json: CODE.json,
  parsed: CODE.json,
  time: CODE.time,
  id: CODE.id,
  long: CODE.long,
  timestamp: CODE.timestamp,
  millis: CODE.millis,
  double: CODE.double,
  exact: CODE.exact,
  count: CODE.count,
  never: CODE.never,
  canonical: CODE.json,
  jsonText: CODE.string,
}

export const SLOTS = 256

export function slotOf(bytes: Uint8Array, start: number, length: number): number {
  const first = bytes[start] as number
  const middle = bytes[start + (length >> 1)] as number
  const last = bytes[start + length - 1] as number
  return (length * 7 + first * 31 + middle * 3 + last * 5) & (SLOTS - 1)
}

export interface Node {
  slots: (Entry | null)[]
  /** The field that came first in the previous record. */
  first: Entry | null
  /**
   * Where any other fields are allowed: the names of the known ones in lower case, which no other field may
   * have; else null.
   */
  known: Set<string> | null
  /** Other fields that have an entry of their own by now. */
  unknownFields: number
}

export interface Entry {
  key: Uint8Array
  /** `key":`, eight bytes at a time, and its last eight; or four and four when it is shorter. */
  words: Float64Array
  half: number
  last: number
  length: number
  kind: number
  child: Node | null
  /** A bit of the mask of required fields, or 0. */
  required: number
  /** Whether this is the record's own time. */
  time: boolean
  /**
   * The half of the record's group key that the value is hashed into: 1 the high one, 2 the low one, 0
   * neither.
   */
  groupKeyHalf: number
  /** The number of the leaf, or -1 for an object that is not kept whole. */
  leaf: number
  /** The texts that it may have; null for any. */
  only: Set<string> | null
  /** The last record that had this field, to detect a record that has it twice. */
  seenIn: number
  /** The field that followed it in the previous record. */
  after: Entry | null
  next: Entry | null
}

export function addEntry(slots: (Entry | null)[], entry: Omit<Entry, 'seenIn' | 'after' | 'next'>): Entry {
  const slot = slotOf(entry.key, 0, entry.key.length)
  const { key, words, half, last, length, kind, child, required, time, groupKeyHalf, leaf, only } = entry
  const next = slots[slot] as Entry | null
  // Each field is written out: V8 stores the fields of a spread object separately, and the pass reads them
  // for every value.
  const added: Entry = {
    key,
    words,
    half,
    last,
    length,
    kind,
    child,
    required,
    time,
    groupKeyHalf,
    leaf,
    only,
    seenIn: 0,
    after: null,
    next,
  }
  slots[slot] = added
  return added
}

export function named(field: string): Pick<Entry, 'key' | 'words' | 'half' | 'last' | 'length'> {
  return { key: Buffer.from(field), ...wordsOf(Buffer.from(`${field}":`)) }
}

/** Unknown fields remembered per shape; beyond this, they are checked every time. */
const MAX_UNKNOWN_FIELDS = 100

/**
 * Makes an entry for an unknown field, where other fields are allowed: its value is skipped. Null where none
 * is allowed, or where its name could be confused with a known one.
 */
export function unknownField(node: Node, key: string): Entry | null {
  if (node.known === null || node.known.has(key.toLowerCase()) || !/^[\x20-\x7e]+$/.test(key)) return null
  const entry = {
    ...named(key),
    kind: CODE.json,
    child: null,
    required: 0,
    time: false,
    groupKeyHalf: 0,
    leaf: -1,
    only: null,
  }
  if (node.unknownFields >= MAX_UNKNOWN_FIELDS) return addEntry(new Array(SLOTS).fill(null), entry)
  node.unknownFields++
  return addEntry(node.slots, entry)
}

function wordsOf(text: Buffer): Pick<Entry, 'words' | 'half' | 'last' | 'length'> {
  const { length } = text
  const long = length >= 8
  return {
    words: Float64Array.from({ length: length >> 3 }, (_, index) => text.readDoubleLE(index * 8)),
    half: length >= 4 ? text.readInt32LE(0) : 0,
    last: long ? text.readDoubleLE(length - 8) : length >= 4 ? text.readInt32LE(length - 4) : 0,
    length,
  }
}
