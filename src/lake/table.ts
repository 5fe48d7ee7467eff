import type { ColumnType as IcebergType, NewField } from './iceberg/index.ts'

/**
 * A table of the lake as the code wants it. Columns are only ever added at the end: the table's own metadata
 * keeps the ids that readers go by.
 */
export interface TableDefinition {
  name: string
  /** One sentence: one row is what. */
  doc: string
  columns: readonly TableColumn[]
  /** What tells a repeat: the columns that are the same in two copies of one row; none when every row is its own. */
  key?: readonly string[]
  /** What the filters beside its data files hold, where that is not the key. */
  filter?: readonly string[]
  /** The values that rows are looked up by: filters of them are kept for files that stay (`needles/`). */
  keys?: readonly TableKey[]
  /** The columns that rows are sorted by inside a file. */
  sort?: readonly string[]
  /** The column whose bounds tell which files can hold a repeat. */
  time?: string
  /** Rows of it are replaced by newer ones: such a table cannot be followed. */
  overwritten?: true
  /** It is made of other tables: the ledger accounts for none of its rows. */
  derived?: true
  /** How compaction makes fewer rows of the files that it joins: rows that a newer one replaces, or that are added up. */
  fold?: Fold
}

/** A value that rows are looked up by. */
export interface TableKey {
  /** A column of text, or of JSON with `path`. */
  column: string
  /** Where in a column of JSON such values lie, as DuckDB's JSON path: `$[*].ARN`. */
  path?: string
  /** What such a value is, or can be: a kind of `find`, as in `uuid` and `arn`. */
  is: string | readonly string[]
}

/** What a key is called in a listing of filters. */
export function keyName({ column, path }: Pick<TableKey, 'column' | 'path'>): string {
  return path === undefined ? column : `${column} ${path}`
}

export type Fold =
  /** Of the rows with the same values in `of`, those of the highest version stay. */
  | { by: 'newest'; of: readonly string[]; version: string }
  /** Rows that differ in nothing but `columns`, and in the time that they were made, become one. */
  | { by: 'sum'; columns: readonly string[] }

/** A table whose rows are only ever added, or removed for good: the kind that can be followed. */
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
  /** Whether each file's least and greatest value is kept. */
  bounds?: true | undefined
  /** What its values are, one kind or several, in the words of who defines the table. */
  holds?: string | readonly string[] | undefined
  /** The role in which scanners read its text. */
  text?: string | undefined
  /** The field of the record that it comes from, as in `userIdentity.arn`. */
  path?: string | undefined
  /** Whether two copies of one row agree in it; `where told` when a copy may leave it out. Only then is the other no repeat. */
  content?: boolean | 'where told' | undefined
}

/** Whether a column's values are, among others, of a kind. */
export function holds(column: Pick<TableColumn, 'holds'>, kind: string): boolean {
  return typeof column.holds === 'string' ? column.holds === kind : (column.holds?.includes(kind) ?? false)
}

/** Every table is partitioned by this column, by its very value. */
export const DAY = 'lake_day'

/**
 * Stands for the day of a file that holds several: such a file has no partition, only the bounds of its days. A data file costs some
 * milliseconds for its columns however little it holds, so small days go together where a writer brings many at once.
 */
export const SEVERAL = 'several'

/**
 * A COPY that tells days apart gathers the rows of each in buffers of its own, 2,048 values wide for each column and
 * thread. So many are told apart; of more, small ones go together.
 */
export const FEW_DAYS = 8

/** The columns that every table has, behind its own. */
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

/** The columns as Iceberg has them: JSON text is a string. */
export function icebergFields(table: TableDefinition): NewField[] {
  return table.columns.map(({ name, type, doc }) => ({
    name,
    type: (type === 'json' ? 'string' : type) satisfies IcebergType,
    doc,
  }))
}

/** Where a table lies below the lake's root. */
export function folderOf(table: string): string {
  return `tables/${table}`
}
