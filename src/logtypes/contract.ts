/**
 * What a log type is. Pure: no file system, no DuckDB, no AWS, no clock. The folder of a log type holds
 *
 *   index.ts      this contract, filled in
 *   columns.ts    its columns, in order; once released, columns are only added at the end
 *   flatten.sql   records in, columns out, one row per record
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

export interface LogType {
  /** The table's name: snake_case, AWS's own words. */
  name: string
  /** One sentence: one row is what. */
  doc: string
  columns: readonly Column[]
  shape: Shape
  /** Fields that every record has, so that one without is looked at by `judge`. */
  required: readonly string[]
  /** The column with the record's own id, and the one with its time: together they tell a repeat. */
  id: string
  time: string
  /** The columns that rows are sorted by inside a file: alike rows together make small files and short searches. */
  sort: readonly string[]
  /** The field of the record that `time` comes from. */
  timeField: string
  /** Whether this is such a record, by its content. */
  recognise(record: JsonObject): boolean
  /** Why a record of this type cannot be stored, as a sentence; undefined when it can. */
  judge(record: JsonObject): string | undefined
  /** The statement that makes rows of records. */
  flatten: URL
  /** The folder with the named queries. */
  queries: URL
}
