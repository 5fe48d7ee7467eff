import { CHECKS } from './checks.ts'
import type { Leaf } from './columns.ts'
import { type PlainKind, type PlainShape, type Shape, WHOLE } from './shape.ts'
import { addEntry, CODE, CODE_OF, type Entry, type Node, named, SLOTS } from './trie.ts'

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
  /** The leaf that is the time of a record; -1 when it is none of them. */
  time: number
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
        kind: Array.isArray(of) ? CODE.listed : kind ? CODE_OF[kind] : isLeaf ? CODE.whole : CODE.object,
        child: isObject ? node(of as PlainShape, fieldPath) : null,
        required: place < 0 ? 0 : 1 << place,
        time: path === timeField,
        cluster: clusterBy.includes(path) ? (clusterBy[0] === path ? 1 : 2) : 0,
        leaf,
        only: Array.isArray(of) ? new Set(of) : null,
      })
    }
    const known = WHOLE in fields ? new Set(Object.keys(fields).map((field) => field.toLowerCase())) : null
    return { slots, first: null, known, unknownFields: 0 }
  }
  const root = node(shape, [])
  const time = leaves.findIndex(({ path }) => path.join('.') === timeField)
  return { root, required: (1 << required.length) - 1, leaves, time }
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
