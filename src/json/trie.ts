/**
 * What the pass walks: the fields of a shape, found by a hash of three of their bytes, or by the order they came in last
 * time. `compile.ts` builds it; `fit.ts` reads it, and remembers in it what it saw.
 */

import type { FieldKind, PlainKind } from './shape.ts'

/** The codes of the loop. */
export const CODE = {
  string: 1,
  boolean: 2,
  number: 3,
  json: 4,
  time: 5,
  id: 6,
  object: 7,
  long: 8,
  // Those of a log type's fast form.
  moment: 9,
  millis: 10,
  double: 11,
  count: 12,
  never: 13,
  listed: 14,
  whole: 15,
} as const

/** The code that a field's declared kind has. Two kinds share one where the loop reads both alike, and `checks.ts` the rest. */
export const CODE_OF: Record<FieldKind | Exclude<PlainKind, readonly string[]>, number> = {
  string: CODE.string,
  boolean: CODE.boolean,
  number: CODE.number,
  json: CODE.json,
  time: CODE.time,
  id: CODE.id,
  long: CODE.long,
  moment: CODE.moment,
  millis: CODE.millis,
  double: CODE.double,
  count: CODE.count,
  never: CODE.never,
  canonical: CODE.json,
  told: CODE.string,
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
  /** The field that came first last time. */
  first: Entry | null
  /** Where any other fields may be: the names of the known ones in lower case, which no other may have; else null. */
  known: Set<string> | null
  /** How many other fields have an entry of their own by now. */
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
  /** A bit of the required mask, or 0. */
  required: number
  /** Whether this is the record's own time. */
  time: boolean
  /** Which half of the record's cluster the value goes into: 1 the high one, 2 the low one, 0 neither. */
  cluster: number
  /** The number of the leaf, or -1 for an object that is not kept whole. */
  leaf: number
  /** The texts that it may have; null for any. */
  only: Set<string> | null
  /** The last record that had this field, so that one that has it twice is noticed. */
  seenIn: number
  /** The field that came behind it last time. */
  after: Entry | null
  next: Entry | null
}

export function addEntry(slots: (Entry | null)[], entry: Omit<Entry, 'seenIn' | 'after' | 'next'>): Entry {
  const slot = slotOf(entry.key, 0, entry.key.length)
  const { key, words, half, last, length, kind, child, required, time, cluster, leaf, only } = entry
  const next = slots[slot] as Entry | null
  // Each field by its name: V8 keeps the fields of a spread object apart from it, and the walk reads them for every value.
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
    cluster,
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

/** More other fields than this are looked at each time. */
const MAX_UNKNOWN_FIELDS = 100

/**
 * An entry for a field that is none of a node's, where there may be others: its value is passed over. Null where there may
 * be none, or where its name could be taken for a known one.
 */
export function unknownField(node: Node, key: string): Entry | null {
  if (node.known === null || node.known.has(key.toLowerCase()) || !/^[\x20-\x7e]+$/.test(key)) return null
  const entry = {
    ...named(key),
    kind: CODE.json,
    child: null,
    required: 0,
    time: false,
    cluster: 0,
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
