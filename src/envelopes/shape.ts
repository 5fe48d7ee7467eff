import { type PlainKind, type PlainShape, type Shape, WHOLE } from '../logtypes/contract.ts'
import type { Leaf } from './columns.ts'
import { KIND, SLOTS, slotOf } from './fit.ts'
import { CHECKS } from './plain.ts'

/**
 * Does every record of an array fit the columns of its log type, with nothing left over? One pass over the bytes,
 * at about the speed of gunzip: finding unknown fields in SQL (`json_keys` of every record) costs more than reading the records. An object whose
 * records all fit goes to DuckDB as it is; in the others each record is looked at on its own.
 */
export interface CompiledShape {
  root: Node
  required: number
  /** The fields that hold values, in the shape's order. */
  leaves: readonly Leaf[]
}

export interface Node {
  slots: (Entry | null)[]
  /** The field that came first last time. */
  first: Entry | null
  /** Where any other fields may be: the names of the known ones in lower case, which no other may have; else null. */
  known: Set<string> | null
  /** How many other fields have an entry of their own by now. */
  strangers: number
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

/** What of a log type the pass needs. */
export interface ShapeOf {
  shape: Shape | PlainShape
  /** Fields of the record's top level. */
  required: readonly string[]
  timeField: string
  /** Paths of texts that alike records share, the most telling one first. */
  clusterBy?: readonly string[]
}

/** Makes the lookup tables of a shape. */
export function compileShape({ shape, required, timeField, clusterBy = [] }: ShapeOf): CompiledShape {
  const leaves: Leaf[] = []
  const node = (fields: Shape | PlainShape, fieldsAbove: readonly string[]): Node => {
    const slots: (Entry | null)[] = new Array(SLOTS).fill(null)
    for (const [field, of] of Object.entries(fields) as [string, PlainKind | PlainShape][]) {
      const fieldPath = [...fieldsAbove, field]
      const path = fieldPath.join('.')
      const isObject = typeof of === 'object' && !Array.isArray(of)
      const kind = isObject
        ? undefined
        : Array.isArray(of)
          ? 'string'
          : (of as Exclude<PlainKind, readonly string[]>)
      const isLeaf = kind !== undefined || WHOLE in (of as PlainShape)
      const leaf = isLeaf && kind !== 'never' ? leaves.length : -1
      if (leaf >= 0)
        leaves.push({ path: fieldPath, kind: LEAF[kind ?? 'json'] ?? 'text', check: CHECKS[kind ?? 'whole'] })
      const place = required.indexOf(path)
      addEntry(slots, {
        ...named(field),
        kind: Array.isArray(of) ? KIND.listed : kind ? KIND[kind] : isLeaf ? KIND.whole : KIND.object,
        child: isObject ? node(of as PlainShape, fieldPath) : null,
        required: place < 0 ? 0 : 1 << place,
        time: path === timeField,
        cluster: clusterBy.includes(path) ? (clusterBy[0] === path ? 1 : 2) : 0,
        leaf,
        only: Array.isArray(of) ? new Set(of) : null,
      })
    }
    const known = WHOLE in fields ? new Set(Object.keys(fields).map((field) => field.toLowerCase())) : null
    return { slots, first: null, known, strangers: 0 }
  }
  return { root: node(shape, []), required: (1 << required.length) - 1, leaves }
}

const LEAF: Record<string, Leaf['kind']> = {
  json: 'json',
  canonical: 'json',
  time: 'time',
  moment: 'time',
  millis: 'time',
  double: 'number',
  count: 'number',
}

function addEntry(slots: (Entry | null)[], entry: Omit<Entry, 'seenIn' | 'after' | 'next'>): Entry {
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

function named(field: string): Pick<Entry, 'key' | 'words' | 'half' | 'last' | 'length'> {
  return { key: Buffer.from(field), ...wordsOf(Buffer.from(`${field}":`)) }
}

/** More other fields than this are looked at each time. */
const MOST_STRANGERS = 100

/**
 * An entry for a field that is none of a node's, where there may be others: its value is passed over. Null where there may
 * be none, or where its name could be taken for a known one.
 */
export function stranger(node: Node, key: string): Entry | null {
  if (node.known === null || node.known.has(key.toLowerCase()) || !/^[\x20-\x7e]+$/.test(key)) return null
  const entry = {
    ...named(key),
    kind: KIND.json,
    child: null,
    required: 0,
    time: false,
    cluster: 0,
    leaf: -1,
    only: null,
  }
  if (node.strangers >= MOST_STRANGERS) return addEntry(new Array(SLOTS).fill(null), entry)
  node.strangers++
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
