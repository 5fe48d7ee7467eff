import type { TableColumn, TableColumnType, TableDefinition } from '../../lake/table.ts'
import { identifier } from '../../lib/sql.ts'
import type { Traced } from './trace.ts'

/** The column that says which row a view's row is of. */
export const ROW = 'lake_row_at'

export interface ViewColumn {
  name: string
  /** The table's column that it is, unchanged. */
  of: string | undefined
  column: TableColumn
  /** SQL of it in the type of `column`. */
  sql: string
}

/**
 * A view's columns as those of a table.
 *
 * @param described as DuckDB describes them
 * @param origins where they come from; they count only where they are the same columns
 */
export function viewColumns(
  described: readonly { name: string; type: string }[],
  origins: readonly Traced[],
  { columns }: TableDefinition,
): ViewColumn[] {
  const isKnown = origins.length === described.length
  const names = distinct(described.map(({ name }) => name))
  return described.map(({ type }, at) => {
    const name = names[at] as string
    const origin = isKnown ? origins[at]?.of : undefined
    const own = columns.find((one) => one.name === origin)
    if (own) return { name, of: own.name, column: { ...own, name }, sql: identifier(name) }
    const kind = kindOf(type)
    const column: TableColumn = { name, type: kind, doc: 'A column that the view computes.' }
    return { name, of: undefined, column, sql: CAST[kind](identifier(name)) }
  })
}

/** Names as a view has them: of several that are the same, all but the first have a number. */
function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let free = name
    for (let at = 1; taken.has(free.toLowerCase()); at++) free = `${name}_${at}`
    taken.add(free.toLowerCase())
    return free
  })
}

/**
 * The type of a table's column for one of DuckDB's; what is nested is JSON, and what has no other form is
 * text.
 */
function kindOf(type: string): TableColumnType {
  if (/\[\d*\]$|^(STRUCT|MAP|UNION|VARIANT)\b/.test(type)) return 'json'
  if (type === 'JSON') return 'json'
  if (type === 'BOOLEAN') return 'boolean'
  if (/^U?(TINYINT|SMALLINT|INTEGER)$|^BIGINT$/.test(type)) return 'long'
  if (/^(FLOAT|DOUBLE|DECIMAL)\b/.test(type)) return 'double'
  if (/^TIMESTAMP/.test(type)) return 'timestamptz'
  if (type === 'DATE') return 'date'
  return type === 'BLOB' ? 'binary' : 'string'
}

const CAST: Record<TableColumnType, (column: string) => string> = {
  string: (column) => `${column}::varchar`,
  json: (column) => `case when ${column} is not null then to_json(${column})::varchar end`,
  boolean: (column) => column,
  long: (column) => `${column}::bigint`,
  double: (column) => `${column}::double`,
  timestamptz: (column) => `make_timestamptz(epoch_us(${column}))`,
  date: (column) => column,
  binary: (column) => column,
}
