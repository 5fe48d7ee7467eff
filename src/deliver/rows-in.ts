/** Rows as JSON on their way into an engine, for SQL over rows that are masked already. */
import { SQL_TYPE, type TableColumnType, type TableDefinition } from '../lake/table.ts'
import { identifier, literal } from '../lib/sql.ts'
import type { Row } from './redact.ts'

type Columns = Pick<TableDefinition, 'columns'>

/** The rows as one JSON array, each with all columns. */
export function rowsText(rows: readonly Row[], { columns }: Columns): string {
  return JSON.stringify(
    rows.map((row) => Object.fromEntries(columns.map(({ name }) => [name, row[name] ?? null]))),
  )
}

/** SQL of what `from_json` reads from that array. */
export function structureOf({ columns }: Columns): string {
  const structure = Object.fromEntries(columns.map(({ name, type }) => [name, JSON_TYPE[type]]))
  return literal(JSON.stringify([structure]))
}

/**
 * SQL of the columns of a `record` of that structure.
 *
 * @param there the columns that the structure has; all others are null
 */
export function columnsIn({ columns }: Columns, there?: ReadonlySet<string>): string {
  const spread = columns.map(({ name, type }) => {
    if (there && !there.has(name)) return `null::${SQL_TYPE[type]} as ${identifier(name)}`
    const value = `record.${identifier(name)}`
    const bytes = type === 'binary' ? `from_base64(${value})` : value
    return `${bytes}::${SQL_TYPE[type]} as ${identifier(name)}`
  })
  return spread.join(',\n    ')
}

/** JSON types: bytes are base64, and times are in UTC. */
const JSON_TYPE: Record<TableColumnType, string> = {
  ...SQL_TYPE,
  binary: 'VARCHAR',
  timestamptz: 'TIMESTAMP',
}
