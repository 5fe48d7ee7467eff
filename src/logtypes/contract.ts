import type { Context, Delivery, Wrapper } from '../envelopes/contract.ts'

/**
 * What a log type is. Pure: no file system, no DuckDB, no AWS, no clock. The folder of a log type holds
 *
 *   index.ts      this contract, filled in
 *   columns.ts    its columns, in order; once released, columns are only added at the end
 *   flatten.sql   records in, columns out, one row per record; or
 *   prepare.ts    the same in TypeScript, for records that need more than SQL
 *   fixtures/     objects as AWS delivers them, and the rows they must become
 *   queries/      questions people ask of it, one .sql each
 *   README.md     what the log is, who writes it, its traps
 */

export type ColumnType = 'string' | 'boolean' | 'long' | 'double' | 'timestamptz' | 'date' | 'json' | 'binary'

export interface Column {
  name: string
  /** `json` is JSON text in a string column. Times are UTC with microseconds. */
  type: ColumnType
  /** One sentence, shown by `describe` and carried in the table's schema. */
  doc: string
  /** Where the column comes from, as in `userIdentity.arn`; none when loglake derives it. */
  path?: string
  /** Whether the table keeps each file's least and greatest value, so that files can be skipped. */
  bounds?: true
}

/**
 * The fields of a record that have columns. A field's kind says what the columns can hold without loss;
 * anything else (an unknown field, a field of another kind) goes to `unmapped` as it was delivered.
 */
export type Shape = { [field: string]: FieldKind | Shape }

/**
 * `json` is kept as the text it is. `long` is a whole number of at most 18 digits. `time` is `2026-01-07T22:16:43Z` to the letter, `id` is not empty and has no white
 * space at its ends: written another way, the column holds the plain form and `unmapped` the delivered one.
 */
export type FieldKind = 'string' | 'boolean' | 'number' | 'long' | 'json' | 'time' | 'id'

export type JsonValue = null | boolean | number | string | JsonValue[] | { [field: string]: JsonValue }
export type JsonObject = { [field: string]: JsonValue }

interface AnyLogType {
  /** The table's name: snake_case, AWS's own words. */
  name: string
  /** One sentence: one row is what. */
  doc: string
  columns: readonly Column[]
  /** The column with the record's own id, and the one with its time: together they tell a repeat. */
  id: string
  time: string
  /** The columns that rows are sorted by inside a file: alike rows together make small files and short searches. */
  sort: readonly string[]
  /** Whether this is such a record: by its content first, then by what its way told of it. */
  recognise(delivery: Delivery): boolean
  /** The folder with the named queries. */
  queries: URL
}

/** A log type whose records DuckDB reads as they were delivered: one SQL statement makes rows of them. */
export interface FlattenedType extends AnyLogType {
  shape: Shape
  /** Fields that every record has, so that one without is looked at by `judge`. */
  required: readonly string[]
  /** The field of the record that `time` comes from. */
  timeField: string
  /** Why a record of this type cannot be stored, as a sentence; undefined when it can. */
  judge(record: JsonObject): string | undefined
  /** The statement that makes rows of records. */
  flatten: URL
}

/**
 * A log type whose records need more than SQL: text inside text, a screen, bodies of many dialects. Each becomes a row
 * here, in a worker thread, before DuckDB sees it.
 */
export interface PreparedType extends AnyLogType {
  /**
   * Where else the record's content lies: URIs of objects that are read before `prepare`, and given to it. None of
   * them by default.
   */
  parts?(delivery: Delivery): readonly string[]
  prepare(delivery: Delivery, parts: Parts): Prepared
  /** The form that nearly all of its records are delivered in, and how rows are made of it without reading them one by one. */
  plain?: Plain
  /** A document that holds several of its records, opened before they are looked at. */
  wrapper?: Wrapper
  /** What of its records must not be stored in the clear, not even in a reject. `prepare` sees to its rows itself. */
  discretion?: Discretion
  /** SQL that makes the rows of prepared ones, which it finds in `record`; it gives one row for each of them. */
  select?: { file: string; text: string }
  /** The columns that only that SQL makes. */
  derived?: readonly string[]
}

/**
 * A form of records that fit to the letter: their fields are taken into columns as bytes, and SQL makes the rows of
 * them that `prepare` would make, value by value. A record that does not fit is prepared, with all others of its object;
 * so a form may leave out what is rare, and never has to guess.
 */
export interface Plain {
  /** No field may be in a record that is not in here. */
  shape: PlainShape
  /** Fields that every record has. */
  required: readonly string[]
  /** The field that `time` comes from. */
  timeField: string
  /** Paths of texts that alike records share, the most telling one first. */
  clusterBy: readonly string[]
  /** The statement that makes rows: it finds `record` with a column for each field, called by its path. */
  rows: URL
}

/** `whole` makes a field both: JSON text as it was delivered, and the fields in it, beside which there may be any others. */
export type PlainShape = { [field: string]: PlainKind | PlainShape; [WHOLE]?: true }

export const WHOLE: unique symbol = Symbol('whole')

export function whole(fields: PlainShape): PlainShape {
  return { ...fields, [WHOLE]: true }
}

/**
 * What a field of a plain record holds. `moment` is `2026-01-07T22:16:43Z`, or with three digits of a fraction; `millis`
 * milliseconds since 1970 as a number; `double` any number, `count` a whole one that is exact and not below zero;
 * `canonical` JSON just as `JSON.stringify` writes it, `told` a text that holds such an object; `never` is not there. A
 * list is of the texts that a field may have. All texts are without half a surrogate pair.
 */
export type PlainKind =
  | 'string'
  | 'boolean'
  | 'time'
  | 'id'
  | 'json'
  | 'moment'
  | 'millis'
  | 'double'
  | 'count'
  | 'canonical'
  | 'told'
  | 'never'
  | readonly string[]

export interface Discretion {
  /** A record without what must not be stored. */
  redact(bytes: Uint8Array): Uint8Array
  /** Whether the object's name alone says that its records are of this type: also those that cannot be read. */
  claims(context: Context): boolean
}

export type LogType = FlattenedType | PreparedType

/** Other objects that records name, by URI, expanded; undefined for one that is not there. */
export type Parts = ReadonlyMap<string, Uint8Array | undefined>

/**
 * A row by column, `unmapped` among them: what no column holds, as JSON text. A `json` column takes JSON text, a time
 * the form of `plainTime` (envelopes/time.ts), a date `2026-01-07`; what is left out or undefined is NULL. A long text
 * that stands in the record as it is may be its bytes, in UTF-8.
 */
export type Row = { [column: string]: string | number | boolean | null | undefined | Uint8Array }

/** What a record becomes: a row, or a reason why not, as a sentence without any of its text. */
export type Prepared = { row: Row } | { rejected: string } | { skipped: string }
