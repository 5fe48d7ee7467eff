import { type AppendedTable, OWN_COLUMNS, type TableDefinition } from '../lake/table.ts'
import { ownTables } from '../ledger/tables.ts'
import type { LogType } from '../logtypes/contract.ts'
import { logTypes } from '../logtypes/index.ts'

/** The table of a log type: its columns, `unmapped`, and the lake's own columns. */
export function tableOf(type: LogType): AppendedTable {
  return {
    name: type.name,
    doc: type.doc,
    columns: [
      ...type.columns.map((column) => ({
        ...column,
        content: column.content ?? column.path !== undefined,
      })),
      {
        name: 'unmapped',
        type: 'json',
        content: true,
        doc: 'What of the record no column holds as it was delivered, as JSON.',
        holds: 'outside',
      },
      ...OWN_COLUMNS,
    ],
    key: [type.id, type.time],
    // Rows are also looked up by id. Rows with one id at different times are separated by comparing the rows
    // themselves.
    filter: [type.id],
    ...(type.keys ? { keys: type.keys } : {}),
    ...(type.terminal ? { terminal: type.terminal } : {}),
    ...(type.whose ? { whose: type.whose } : {}),
    time: type.time,
    sort: type.sort,
  }
}

/** The tables of the built-in log types. */
export const logTables: readonly AppendedTable[] = logTypes.map(tableOf)

/** The tables of every lake: those of the built-in log types, and the ledger's. */
export const lakeTables: readonly TableDefinition[] = [...logTables, ...ownTables]
