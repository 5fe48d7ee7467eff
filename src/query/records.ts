import type { DuckDBValue } from '@duckdb/node-api'
import type { Lake } from '../lake/lake.ts'
import { identifier } from '../lib/sql.ts'
import { openQueryEngine, type QueryEngineOptions } from './question.ts'
import { valueText } from './values.ts'

/** A table whose rows have an id and a time. */
export interface RecordTable {
  name: string
  /** The columns of the id and of the time. */
  id: string
  time: string
  columns: readonly { name: string }[]
}

/** Texts and JSON as strings, booleans, numbers, times as microseconds since 1970 (bigint). */
export type PlainRow = Record<string, string | boolean | number | bigint | null>

/** A row of a table, and the column in which the id was found. */
export interface FoundRow<T extends RecordTable> {
  type: T
  column: string
  row: PlainRow
}

/** Maximum number of rows shown for one id. */
const MAX = 20

/** The rows with this id, in all tables; where there is none, the rows with it as their request id. */
export async function rowsById<T extends RecordTable>(
  lake: Lake,
  types: readonly T[],
  id: string,
  options: QueryEngineOptions = {},
): Promise<FoundRow<T>[]> {
  const queryEngine = await openQueryEngine(lake, { ...options, views: [] })
  const search = async (columns: readonly (readonly [T, string])[]) => {
    const found: FoundRow<T>[] = []
    for (const [type, column] of columns) {
      const question = `select * from ${identifier(type.name)} where ${identifier(column)} = $id order by ${identifier(type.time)} desc limit ${MAX}`
      const answer = await queryEngine.ask(question, { values: { id } })
      try {
        for await (const values of answer.rows())
          found.push({ type, column, row: plainRow(answer.columns, values) })
      } finally {
        answer.close()
      }
    }
    return found
  }
  try {
    const found = await search(types.map((type) => [type, type.id] as const))
    if (found.length > 0) return found
    const others = types.filter(
      ({ id, columns }) => id !== REQUEST && columns.some(({ name }) => name === REQUEST),
    )
    return await search(others.map((type) => [type, REQUEST] as const))
  } finally {
    queryEngine.close()
  }
}

const REQUEST = 'requestid'

function plainRow(columns: readonly string[], values: readonly DuckDBValue[]): PlainRow {
  return Object.fromEntries(columns.map((name, at) => [name, plain(values[at] ?? null)]))
}

function plain(value: DuckDBValue): PlainRow[string] {
  if (value === null || typeof value !== 'object') return value
  return 'micros' in value ? (value.micros as bigint) : valueText(value)
}
