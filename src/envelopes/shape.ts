import type { Shape } from '../logtypes/contract.ts'
import type { Leaf } from './columns.ts'
import { KIND, SLOTS, slotOf } from './fit.ts'

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
  /** The number of the leaf, or -1 for an object. */
  leaf: number
  /** The last record that had this field, so that one that has it twice is noticed. */
  seenIn: number
  /** The field that came behind it last time. */
  after: Entry | null
  next: Entry | null
}

/** What of a log type the pass needs. */
export interface ShapeOf {
  shape: Shape
  /** Fields of the record's top level. */
  required: readonly string[]
  timeField: string
  /** Paths of texts that alike records share, the most telling one first. */
  clusterBy?: readonly string[]
}

/** Makes the lookup tables of a shape. */
export function compileShape({ shape, required, timeField, clusterBy = [] }: ShapeOf): CompiledShape {
  const leaves: Leaf[] = []
  const node = (fields: Shape, fieldsAbove: readonly string[]): Node => {
    const slots: (Entry | null)[] = new Array(SLOTS).fill(null)
    for (const [field, kind] of Object.entries(fields)) {
      const fieldPath = [...fieldsAbove, field]
      const path = fieldPath.join('.')
      const leaf = typeof kind === 'string' ? leaves.length : -1
      if (typeof kind === 'string')
        leaves.push({ path: fieldPath, kind: kind === 'json' || kind === 'time' ? kind : 'text' })
      const key = Buffer.from(field)
      const slot = slotOf(key, 0, key.length)
      const place = required.indexOf(path)
      slots[slot] = {
        key,
        ...wordsOf(Buffer.from(`${field}":`)),
        kind: typeof kind === 'string' ? KIND[kind] : KIND.object,
        child: typeof kind === 'string' ? null : node(kind, fieldPath),
        required: place < 0 ? 0 : 1 << place,
        time: path === timeField,
        cluster: clusterBy.includes(path) ? (clusterBy[0] === path ? 1 : 2) : 0,
        leaf,
        seenIn: 0,
        after: null,
        next: slots[slot] as Entry | null,
      }
    }
    return { slots, first: null }
  }
  return { root: node(shape, []), required: (1 << required.length) - 1, leaves }
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
