import type { Schema } from '../../lake/iceberg/types.ts'
import type { StagedFile } from '../../lake/parquet.ts'
import type { TableDefinition } from '../../lake/table.ts'

/** One log type's rows of a batch, in files that are not yet in the lake. */
export interface Staged {
  table: TableDefinition
  schema: Schema
  files: StagedFile[]
  /** By the object's URI. */
  rows: Map<string, RowCount>
}

/** How many rows of an object lie in staged files, and when the first and last happened. */
export interface RowCount {
  rows: number
  first: string
  last: string
}
