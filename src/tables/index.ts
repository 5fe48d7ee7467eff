import { type AppendedTable, OWN_COLUMNS, type TableDefinition } from '../lake/table.ts'
import { ownTables } from '../ledger/tables.ts'
import type { LogType } from '../logtypes/contract.ts'
import { logTypes } from '../logtypes/index.ts'

/** The table of a log type: its columns, what no column holds, and the lake's own. */
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
    // Rows are looked for by their id, too. What has the same id and another time is told apart by the rows themselves.
    filter: [type.id],
    ...(type.keys ? { keys: type.keys } : {}),
    time: type.time,
    sort: type.sort,
  }
}

/** The tables of our log types. */
export const logTables: readonly AppendedTable[] = logTypes.map(tableOf)

/** The tables that every lake has: those of our log types, and the ledger's. */
export const lakeTables: readonly TableDefinition[] = [...logTables, ...ownTables]
