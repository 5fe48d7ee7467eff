import type { Engine } from '../lib/duckdb.ts'
import { sql } from '../lib/sql.ts'
import type { Statement } from './statement.ts'

/** Names that a question can use, for completion. */
export interface AskedNames {
  /** Columns by table and view, in their order; a view in a schema is keyed `schema.view`. */
  tables: ReadonlyMap<string, readonly string[]>
  functions: readonly string[]
}

const url = (name: string) => new URL(`./sql/${name}.sql`, import.meta.url)

/** All names in an engine that has the lake's tables and views. */
export async function askedNames(engine: Engine): Promise<AskedNames> {
  const columns = await engine.rows(sql(url('asked-columns')))
  const tables = new Map<string, string[]>()
  for (const [table, column] of columns) {
    const known = tables.get(String(table)) ?? []
    known.push(String(column))
    tables.set(String(table), known)
  }
  const functions = await engine.rows(sql(url('asked-functions')))
  return { tables, functions: functions.map(([name]) => String(name)) }
}

/** Whether a SELECT has a `*` in its select list, so that the user did not choose its columns. */
export function asksForAll({ tree }: Pick<Statement, 'tree'>): boolean {
  const [statement] = tree.statements as { node?: { select_list?: { class: string }[] } }[]
  return statement?.node?.select_list?.some((one) => one.class === 'STAR') ?? false
}
