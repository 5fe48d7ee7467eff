import { copyInto } from './arrays.ts'
import { type Check, clearText, emptyText, type TextColumn } from './text-column.ts'

/**
 * Values of many records, column by column, with each distinct value kept once. In logs almost every value
 * was there before, so a record costs a look-up and a comparison of bytes per field, and almost no memory.
 *
 * A value that is accepted here must come out exactly as DuckDB's JSON reader would give it. Any doubtful
 * value is refused, and then that reader gets the object's records as JSON.
 */
export interface Columns {
  rows: number
  leaves: readonly Leaf[]
  /** By number of the leaf, except for times and numbers. */
  texts: (TextColumn | undefined)[]
  /** For time leaves, microseconds since 1970 by row; for number leaves, the numbers; NaN for none. */
  times: (Float64Array | undefined)[]
  /** Equal for rows that should lie together. */
  groupKeys: Uint32Array
  capacity: number
  /** Whether values remain of rows that were removed. */
  leftovers: boolean
}

/** A field of a record that holds a value of its own. */
export interface Leaf {
  path: readonly string[]
  kind: 'text' | 'json' | 'time' | 'number'
  /** A further condition on its new values. */
  check?: Check | undefined
}

/** Rows of one object; one with more is not taken, because memory is bounded. */
const MAX_ROWS = 1 << 17
const FIRST_ROWS = 1 << 15

export function emptyColumns(leaves: readonly Leaf[]): Columns {
  return {
    rows: 0,
    leaves,
    texts: leaves.map(({ kind, check }) =>
      isNumber(kind) ? undefined : emptyText(kind === 'json', check, FIRST_ROWS),
    ),
    times: leaves.map(({ kind }) =>
      isNumber(kind) ? new Float64Array(FIRST_ROWS).fill(Number.NaN) : undefined,
    ),
    groupKeys: new Uint32Array(FIRST_ROWS),
    capacity: FIRST_ROWS,
    leftovers: false,
  }
}

function isNumber(kind: Leaf['kind']): boolean {
  return kind === 'time' || kind === 'number'
}

/** Makes room for one more row; false at the maximum. */
export function roomForRow(columns: Columns): boolean {
  if (columns.rows < columns.capacity) return true
  if (columns.capacity >= MAX_ROWS) return false
  const capacity = columns.capacity * 2
  for (const column of columns.texts) {
    if (column) column.codes = copyInto(new Int32Array(capacity), column.codes)
  }
  columns.times = columns.times.map(
    (times) => times && copyInto(new Float64Array(capacity).fill(Number.NaN), times),
  )
  columns.groupKeys = copyInto(new Uint32Array(capacity), columns.groupKeys)
  columns.capacity = capacity
  return true
}

/** Removes the rows after the first `rows`; their values stay, unused. */
export function takeBack(columns: Columns, rows: number): void {
  for (const column of columns.texts) column?.codes.fill(0, rows, columns.rows + 1)
  for (const times of columns.times) times?.fill(Number.NaN, rows, columns.rows + 1)
  columns.rows = rows
  columns.leftovers = true
}

/** Empties the columns for the next rows. */
export function clear(columns: Columns): void {
  takeBack(columns, 0)
  columns.leftovers = false
  for (const column of columns.texts) {
    if (column && column.count > 0) clearText(column)
  }
}
