import type { Columns } from '../../json/columns.ts'
import type { CompiledShape } from '../../json/compile.ts'

/** Records of one object that can be stored: where they are in bytes that hold them. */
export interface Records {
  logtype: string
  bytes: Uint8Array
  starts: Int32Array
  ends: Int32Array
  /** The same number for records that are alike. */
  clusters: Uint32Array
  firstDay: number
  lastDay: number
}

/** Records of one object that were put into columns: the last `records` rows there. */
export interface Rows {
  logtype: string
  form: Form
  records: number
  /** Bytes of the records as JSON. */
  bytes: number
  firstDay: number
  lastDay: number
}

/** A file with records of one log type, from one or more objects: a JSON array, or the columns of the records' shape. */
export interface Spool {
  file: string
  format: 'json' | Form
  logtype: string
  /** The objects whose records it holds. */
  serials: number[]
  /** Bytes of its records as JSON. */
  bytes: number
  /** Bytes of its longest record. */
  longest: number
  firstDay: number
  lastDay: number
  /** Columns of it that are known to have no value. */
  empty: readonly string[]
}

/** Gathers records of many objects into few files, alike records together. */
export interface Spooler {
  /** Where records of a log type go that fit its columns; `bytes` are to come. */
  columns(logtype: string, form: Form, shape: Pick<CompiledShape, 'leaves' | 'time'>, bytes: number): Columns
  /** Says whose the newest rows of those columns are. */
  addRows(serial: number, rows: Rows): void
  /** Takes records that go to DuckDB as JSON. */
  add(serial: number, records: Records): void
  /** Takes out what a record left in columns that failed on its way there. */
  tidy(): void
  /** Writes what is left, and names all files. */
  finish(): Spool[]
}

/** What columns hold: the fields of a log type's records, or its prepared rows; or the fields of records in its plain form. */
export type Form = 'columns' | 'plain'

/** A log type's columns that rows are being added to, and who they are of, object by object. */
export interface Gathering {
  logtype: string
  form: Form
  columns: Columns
  /** The leaf that is the time of a row; -1 for none. */
  time: number
  parts: Stretch[]
  bytes: number
}

/** Rows of one object that lie together in columns: all of them, or some. */
export interface Stretch {
  serial: number
  from: number
  rows: Rows
}
