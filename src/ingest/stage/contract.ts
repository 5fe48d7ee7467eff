import type { Schema } from '../../lake/iceberg/types.ts'
import type { StagedFile } from '../../lake/parquet.ts'
import type { TableDefinition } from '../../lake/table.ts'

/** A batch's rows of one log type, in files that are not committed yet. */
export interface Staged {
  table: TableDefinition
  schema: Schema
  files: StagedFile[]
  /** Counts by the object's URI. */
  rows: Map<string, RowCount>
}

/** Rows of one object in staged files, and the times of the first and the last. */
export interface RowCount {
  rows: number
  first: string
  last: string
}
