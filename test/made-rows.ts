import type { TableDefinition } from '../src/lake/table.ts'

/** A table for tests of how rows are read, which make its rows in DuckDB: only what a reader asks of a table is there. */
export const made: TableDefinition = {
  name: 'made',
  doc: 'Rows of the test.',
  key: ['id'],
  time: 'time',
  columns: [
    { name: 'id', type: 'long', doc: '' },
    { name: 'time', type: 'timestamptz', doc: '' },
  ],
} as never
