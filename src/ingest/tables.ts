import type { TableDefinition } from '../lake/table.ts'
import { OWN_COLUMNS } from '../lake/table.ts'
import { identifier, literal } from '../lib/sql.ts'
import type { LogType, Shape } from '../logtypes/contract.ts'
import { logTypes } from '../logtypes/index.ts'

/** The table of a log type: its columns, what no column holds, and the lake's own. */
export function tableOf(type: LogType): TableDefinition {
  return {
    name: type.name,
    doc: type.doc,
    columns: [
      ...type.columns,
      {
        name: 'unmapped',
        type: 'json',
        doc: 'What of the record no column holds as it was delivered, as JSON.',
      },
      ...OWN_COLUMNS,
    ],
    key: [type.id, type.time],
    time: type.time,
    sort: type.sort,
  }
}

/** The tables of all log types. */
export const logTables: readonly TableDefinition[] = logTypes.map(tableOf)

/**
 * The columns that DuckDB reads from a record, as in `{"eventName": 'VARCHAR', "tlsDetails": 'STRUCT(…)'}`. All
 * scalars are read as text: a value of another type than documented must not stop the record.
 */
export function recordColumns(shape: Shape): string {
  const fields = Object.entries({ ...shape, lake_unmapped: 'json' as const }).map(
    ([field, kind]) => `${identifier(field)}: ${literal(typeOf(kind))}`,
  )
  return `{${fields.join(', ')}, "lake_object": 'INTEGER'}`
}

function typeOf(kind: Shape[string]): string {
  // A time is brought to one form before DuckDB sees it; as TIMESTAMP it is read without the calendar of a time zone.
  if (typeof kind === 'string') return kind === 'json' ? 'JSON' : kind === 'time' ? 'TIMESTAMP' : 'VARCHAR'
  return `STRUCT(${Object.entries(kind)
    .map(([field, nested]) => `${identifier(field)} ${typeOf(nested)}`)
    .join(', ')})`
}
