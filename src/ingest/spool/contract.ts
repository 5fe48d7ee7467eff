import type { Columns } from '../../json/columns.ts'
import type { CompiledShape } from '../../json/compile.ts'

/** Records of one object that can be stored, as spans of the bytes that hold them. */
export interface Records {
  kind: 'records'
  logtype: string
  bytes: Uint8Array
  starts: Int32Array
  ends: Int32Array
  /** Equal for records that should lie together. */
  groupKeys: Uint32Array
  firstDay: number
  lastDay: number
}

/** Records of one object that were put into columns: the last `records` rows of these. */
export interface Rows {
  kind: 'rows'
  logtype: string
  form: Form
  records: number
  /** Size of the records as JSON. */
  bytes: number
  firstDay: number
  lastDay: number
}

/**
 * A file with records of one log type from one or more objects: a JSON array, or the columns of the records'
 * shape.
 */
export interface Spool {
  file: string
  format: 'json' | Form
  logtype: string
  /** Numbers of the objects whose records it holds. */
  serials: number[]
  /** Size of its records as JSON. */
  bytes: number
  /** Size of its longest record. */
  longest: number
  firstDay: number
  lastDay: number
  /** Columns known to have no value. */
  empty: readonly string[]
}

/** Gathers records of many objects into few files, and puts records with the same group key together. */
export interface Spooler {
  /** The columns for a log type's records that fit; `bytes` are about to be added. */
  columns(logtype: string, form: Form, shape: Pick<CompiledShape, 'leaves' | 'time'>, bytes: number): Columns
  /** Assigns the newest rows of those columns to an object. */
  addRows(serial: number, rows: Rows): void
  /** Takes records that DuckDB reads as JSON. */
  add(serial: number, records: Records): void
  /** Removes what a failed record left in columns. */
  tidy(): void
  /** Writes the remaining records, and returns all files. */
  finish(): Spool[]
}

/**
 * `columns` holds the fields of a log type's records, or its prepared rows; `direct` holds the fields of
 * records in the log type's direct form.
 */
export type Form = 'columns' | 'direct'

/** Columns of one log type that still grow, and the object of each of their rows. */
export interface Gathering {
  logtype: string
  form: Form
  columns: Columns
  /** The leaf that holds a row's time; -1 for none. */
  time: number
  parts: Stretch[]
  bytes: number
}

/** Consecutive rows of one object: all of them, or some. */
export interface Stretch {
  serial: number
  from: number
  rows: Rows
}
