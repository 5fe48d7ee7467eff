import type { ColumnType as IcebergType, NewField, Schema } from './iceberg/index.ts'

/**
 * A table of the lake as the code defines it. Columns are only ever added at the end: readers go by the ids
 * in the table's own metadata.
 */
export interface TableDefinition {
  name: string
  /** One sentence that says what one row is. */
  doc: string
  columns: readonly TableColumn[]
  /** The columns that are equal in two copies of one row; absent when every row is unique. */
  key?: readonly string[]
  /** The columns in the filters of its data files, when these are not the key. */
  filter?: readonly string[]
  /** The values that rows are looked up by; filters of them are kept for files that stay (`needles/`). */
  keys?: readonly TableKey[]
  /** The columns that rows are sorted by inside a file. */
  sort?: readonly string[]
  /** The column whose bounds show which files can hold a duplicate. */
  time?: string
  /** Newer rows replace older ones: such a table cannot be followed. */
  overwritten?: true
  /** Its rows are derived from other tables: the ledger accounts for none of them. */
  derived?: true
  /** Of the output of terminals: its columns, and the column with the unique part of a session's id. */
  terminal?: { columns: readonly string[]; session: string }
  /** Whom a row is about, for readers who see some people's rows; absent when it is about nobody. */
  whose?: Whose
  /** How compaction reduces the rows of merged files: newer rows replace older ones, or rows are added up. */
  fold?: Fold
}

/** Whom a row is about, as SQL over the table's columns. */
export interface Whose {
  /** The name that the views `session` and `bedrock_call` have as `who`. */
  person: string
  /**
   * The role behind the person: the people file names an agent by its role, since each run has its own
   * session name.
   */
  role?: string
}

/** A value that rows are looked up by. */
export interface TableKey {
  /** A column of text, or of JSON with `path`. */
  column: string
  /** Where a JSON column holds such values, as DuckDB's JSON path: `$[*].ARN`. */
  path?: string
  /** The kinds of `find` that such a value can be, as in `uuid` and `arn`. */
  is: string | readonly string[]
}

/** A key's name in a listing of filters. */
export function keyName({ column, path }: Pick<TableKey, 'column' | 'path'>): string {
  return path === undefined ? column : `${column} ${path}`
}

export type Fold =
  /** Of the rows with equal values in `of`, those of the highest version stay. */
  | { by: 'newest'; of: readonly string[]; version: string }
  /** Rows that differ only in `columns`, and in the time that they were made, become one. */
  | { by: 'sum'; columns: readonly string[] }

/** A table whose rows are only added, or removed for good, and which can therefore be followed. */
export type AppendedTable = TableDefinition & { overwritten?: never }

export type TableColumnType =
  | 'string'
  | 'boolean'
  | 'long'
  | 'double'
  | 'timestamptz'
  | 'date'
  | 'json'
  | 'binary'

export interface TableColumn {
  name: string
  type: TableColumnType
  doc: string
  /** Whether each file's least and greatest values are kept. */
  bounds?: true | undefined
  /** The kinds of its values, one or several, in the words of the table's definition. */
  holds?: string | readonly string[] | undefined
  /** The role under which scanners read its text. */
  text?: string | undefined
  /** The field of the record that it comes from, as in `userIdentity.arn`. */
  path?: string | undefined
  /**
   * Whether two copies of one row must agree in it; `where told` when a copy may omit it. If they differ, the
   * rows conflict.
   */
  content?: boolean | 'where told' | undefined
}

/** Whether a column can hold values of a kind. */
export function holds(column: Pick<TableColumn, 'holds'>, kind: string): boolean {
  return typeof column.holds === 'string' ? column.holds === kind : (column.holds?.includes(kind) ?? false)
}

/** Every table is partitioned by the plain value of this column. */
export const DAY = 'lake_day'

/**
 * Stands for the day of a file with rows of several days: such a file has no partition, only bounds of its
 * days. A data file costs some milliseconds for its columns however small it is, so small days share a file
 * where a writer adds many at once.
 */
export const SEVERAL = 'several'

/**
 * 8 days in one partitioned COPY. DuckDB buffers the rows of each day separately, 2,048 values wide for each
 * column and thread; above this many days, small ones share a file.
 */
export const FEW_DAYS = 8

/** The columns that every table has, after its own. */
export const OWN_COLUMNS: readonly TableColumn[] = [
  { name: DAY, type: 'date', doc: 'The partition: UTC date of the row.', bounds: true },
  {
    name: 'lake_object',
    type: 'string',
    doc: 'The object that the row came from: a file path or an S3 URI.',
    holds: 'key',
  },
  { name: 'lake_ingested_at', type: 'timestamptz', doc: 'When loglake read it.' },
]

/** DuckDB's name of a column type. */
export const SQL_TYPE: Record<TableColumnType, string> = {
  string: 'varchar',
  boolean: 'boolean',
  long: 'bigint',
  double: 'double',
  timestamptz: 'timestamptz',
  date: 'date',
  json: 'varchar',
  binary: 'blob',
}

/** The columns in Iceberg's types: JSON text is a string. */
export function icebergFields(table: TableDefinition): NewField[] {
  return table.columns.map(({ name, type, doc }) => ({
    name,
    type: (type === 'json' ? 'string' : type) satisfies IcebergType,
    doc,
  }))
}

/** The columns whose type the lake has otherwise: a user's own log type may have changed since. */
export function columnsOfOtherType(table: TableDefinition, { fields }: Schema): string[] {
  const stored = new Map(fields.map(({ name, type }) => [name, type]))
  return icebergFields(table).flatMap(({ name, type }) => {
    const own = stored.get(name) ?? type
    return own === type ? [] : [`column ${name} is ${own} in the lake and ${type} in its definition`]
  })
}

export const KEEP_TYPES =
  'leave the columns of its logtype.yaml as the lake has them, and add new ones instead'

/** The table with the types of columns that its files have. */
export function asStored(table: TableDefinition, { fields }: Schema): TableDefinition {
  const stored = new Map(fields.map(({ name, type }) => [name, type === 'int' ? 'long' : type]))
  const own = new Map(icebergFields(table).map(({ name, type }) => [name, type]))
  return {
    ...table,
    columns: table.columns.map((column) => {
      const type = stored.get(column.name)
      return type === undefined || type === own.get(column.name) ? column : { ...column, type }
    }),
  }
}

/** A table's folder, relative to the lake's root. */
export function folderOf(table: string): string {
  return `tables/${table}`
}
