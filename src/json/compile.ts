import { CHECKS } from './checks.ts'
import type { Leaf } from './columns.ts'
import { type DirectKind, type DirectShape, type Shape, WHOLE } from './shape.ts'
import { addEntry, CODE, CODE_OF, type Entry, type Node, named, SLOTS } from './trie.ts'

/**
 * A compiled shape, for the pass that checks whether every record of an array fits the columns of its log
 * type, with nothing left over. The pass reads the bytes once, at about the speed of gunzip; finding unknown
 * fields in SQL (`json_keys` of every record) costs more than reading the records. An object whose records
 * all fit goes to DuckDB as it is; in other objects each record is read on its own.
 */
export interface CompiledShape {
  root: Node
  required: number
  /** The fields that hold values, in the shape's order. */
  leaves: readonly Leaf[]
  /** The leaf that holds a record's time; -1 for none. */
  time: number
}

/** The parts of a log type that the pass needs. */
export interface ShapeOf {
  shape: Shape | DirectShape
  /** Fields of the record's top level. */
  required: readonly string[]
  timeField: string
  /** Paths of the texts that records are grouped by, the most significant first. */
  groupBy?: readonly string[]
}

/** Builds the lookup tables of a shape. */
export function compileShape({ shape, required, timeField, groupBy = [] }: ShapeOf): CompiledShape {
  const leaves: Leaf[] = []
  const node = (fields: Shape | DirectShape, fieldsAbove: readonly string[]): Node => {
    const slots: (Entry | null)[] = new Array(SLOTS).fill(null)
    for (const [field, of] of Object.entries(fields) as [string, DirectKind | DirectShape][]) {
      const fieldPath = [...fieldsAbove, field]
      const path = fieldPath.join('.')
      const isObject = typeof of === 'object' && !Array.isArray(of)
      const kind = isObject
        ? undefined
        : Array.isArray(of)
          ? 'string'
          : (of as Exclude<DirectKind, readonly string[]>)
      const isLeaf = kind !== undefined || WHOLE in (of as DirectShape)
      const leaf = isLeaf && kind !== 'never' ? leaves.length : -1
      if (leaf >= 0)
        leaves.push({ path: fieldPath, kind: LEAF[kind ?? 'json'] ?? 'text', check: CHECKS[kind ?? 'whole'] })
      const place = required.indexOf(path)
      addEntry(slots, {
        ...named(field),
        kind: Array.isArray(of) ? CODE.listed : kind ? CODE_OF[kind] : isLeaf ? CODE.whole : CODE.object,
        child: isObject ? node(of as DirectShape, fieldPath) : null,
        required: place < 0 ? 0 : 1 << place,
        time: path === timeField,
        groupKeyHalf: groupBy.includes(path) ? (groupBy[0] === path ? 1 : 2) : 0,
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
  parsed: 'json',
  canonical: 'json',
  time: 'time',
  timestamp: 'time',
  millis: 'time',
  double: 'number',
  exact: 'number',
  count: 'number',
}
