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
  /** The columns that rows are sorted by inside a file. */
  sort?: readonly string[]
  /** The column whose bounds tell which files can hold a repeat. */
  time?: string
}

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
}

/** Every table is partitioned by this column, by its very value. */
export const DAY = 'lake_day'

/** The columns that every table has, behind its own. */
export const OWN_COLUMNS: readonly TableColumn[] = [
  { name: DAY, type: 'date', doc: 'The partition: UTC date of the row.', bounds: true },
  {
    name: 'lake_object',
    type: 'string',
    doc: 'The object that the row came from: a file path or an S3 URI.',
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
